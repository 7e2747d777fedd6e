namespace CcBt.Core;

/// <summary>What a verification found out about one file of a torrent.</summary>
public enum FileState
{
    /// <summary>The file exists, has the right length, and all of its pieces have the right hash.</summary>
    Good = 0,

    /// <summary>The file is too short, or a piece that it has a part in has a wrong hash or cannot be read.</summary>
    Bad = 1,

    /// <summary>The file does not exist.</summary>
    Missing = 2,

    /// <summary>All of the file's pieces are right, but it is longer than the torrent says.</summary>
    Oversized = 3,
}
