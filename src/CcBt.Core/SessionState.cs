namespace CcBt.Core;

/// <summary>What a session is doing.</summary>
public enum SessionState
{
    /// <summary>Added and not started; also after a start that failed in a way that a later attempt can mend.</summary>
    Idle = 0,

    /// <summary>The start has begun and waits for peers to send the metadata of a magnet link (BEP 9). It may take as long as it takes.</summary>
    WaitingForMetadata = 1,

    /// <summary>The start is opening the files.</summary>
    OpeningStorage = 2,

    /// <summary>The start is comparing the files on disk with the piece hashes.</summary>
    Checking = 3,

    /// <summary>Started; selected pieces are missing.</summary>
    Downloading = 4,

    /// <summary>Started; every selected piece is verified and on disk, and is served to others.</summary>
    Seeding = 5,

    /// <summary>Silenced by <see cref="TorrentSession.PauseAsync"/>; nothing touches the network.</summary>
    Paused = 6,

    /// <summary>Given up for a reason that trying again cannot mend; see <see cref="SessionStatus.Error"/>.</summary>
    Faulted = 7,

    /// <summary>Disposed.</summary>
    Closed = 8,
}
