namespace CcBt.Core.Storage;

/// <summary>Where the bytes of a file are kept.</summary>
internal enum FileRoute : byte
{
    /// <summary>Under the file's own path.</summary>
    Disk = 0,

    /// <summary>In the torrent's parts file, because the file is not selected and does not exist.</summary>
    Parts = 1,
}
