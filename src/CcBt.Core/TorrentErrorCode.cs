namespace CcBt.Core;

/// <summary>What went wrong, as a value that stays the same across versions, for programs that branch on it.</summary>
public enum TorrentErrorCode
{
    /// <summary>Something that has no code of its own; the message says what.</summary>
    Unknown = 0,

    /// <summary>A .torrent file or an info dictionary is not valid bencode.</summary>
    InvalidBencode = 1,

    /// <summary>A .torrent file or info dictionary is valid bencode but breaks a rule of the format.</summary>
    InvalidTorrent = 2,

    /// <summary>A magnet link cannot be read.</summary>
    InvalidMagnet = 3,

    /// <summary>The torrent is of a kind that this version reads but does not transfer.</summary>
    UnsupportedTorrent = 4,

    /// <summary>A path of the torrent is refused because it would leave the save directory or pass a symbolic link.</summary>
    PathRefused = 5,

    /// <summary>The operating system refuses access to a file or directory.</summary>
    AccessDenied = 6,

    /// <summary>The disk is full.</summary>
    DiskFull = 7,

    /// <summary>Reading or writing a file failed.</summary>
    StorageFailure = 8,

    /// <summary>An address cannot be listened on.</summary>
    BindFailed = 9,

    /// <summary>An operating-system call did not end inside its bound.</summary>
    TimedOut = 10,

    /// <summary>The operation does not fit the state that the session or client is in.</summary>
    WrongState = 11,

    /// <summary>The client has a session for the same info hash already.</summary>
    Duplicate = 12,
}
