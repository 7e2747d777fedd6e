namespace CcBt.Core;

/// <summary>A picture of a session at one moment. The value is immutable and safe to use from any thread.</summary>
public sealed record SessionStatus
{
    /// <summary>What the session is doing.</summary>
    public SessionState State { get; init; }

    /// <summary>The torrent's name; for a magnet link without one its info hash until the metadata is known.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether the metadata (file names, piece hashes) is known.</summary>
    public bool HasMetadata { get; init; }

    /// <summary>Whether every selected piece is verified and on disk.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Bytes of the pieces that the selected files need, so a little more than the files when some are not selected; 0 until the start has opened the files.</summary>
    public long SelectedBytes { get; init; }

    /// <summary>Those of <see cref="SelectedBytes"/> that are verified and on disk.</summary>
    public long VerifiedBytes { get; init; }

    /// <summary>Pieces of the whole torrent; 0 until the metadata is known.</summary>
    public int PieceCount { get; init; }

    /// <summary>Pieces that are verified and on disk.</summary>
    public int VerifiedPieces { get; init; }

    /// <summary>Share of the running hash check that is done, from 0 to 1; 0 when none runs.</summary>
    public double CheckProgress { get; init; }

    /// <summary>Payload bytes received since the torrent was first added, wasted ones included.</summary>
    public long DownloadedBytes { get; init; }

    /// <summary>Payload bytes sent since the torrent was first added.</summary>
    public long UploadedBytes { get; init; }

    /// <summary>Payload bytes received that were of no use: duplicates and pieces that failed their hash.</summary>
    public long WastedBytes { get; init; }

    /// <summary>Payload bytes received in the last seconds, per second.</summary>
    public long DownloadBytesPerSecond { get; init; }

    /// <summary>Payload bytes sent in the last seconds, per second.</summary>
    public long UploadBytesPerSecond { get; init; }

    /// <summary>Peers that are connected.</summary>
    public int ConnectedPeers { get; init; }

    /// <summary>Connected peers that have every piece.</summary>
    public int ConnectedSeeds { get; init; }

    /// <summary>Addresses in the session's peer pool, connected ones included.</summary>
    public int KnownPeers { get; init; }

    /// <summary>Whether downloading waits for the disk to take what was received.</summary>
    public bool IsDiskBusy { get; init; }

    /// <summary>The last failure of a start or of the disk; null when there is none or it was overcome. It ended the session only if <see cref="State"/> is <see cref="SessionState.Faulted"/>.</summary>
    public TorrentException? Error { get; init; }

    /// <summary>Verified share of the selected bytes, from 0 to 1.</summary>
    public double Progress => SelectedBytes == 0 ? (IsComplete ? 1 : 0) : (double)VerifiedBytes / SelectedBytes;
}
