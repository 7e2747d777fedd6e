namespace CcBt.Core.Storage;

/// <summary>What the file system says about a file: its length in bytes and its last write time in UTC ticks.</summary>
internal readonly record struct DiskFileInfo(long Length, long LastWriteTicks)
{
    /// <summary>Stands for a file that does not exist.</summary>
    public static DiskFileInfo Missing => new(-1, 0);

    public bool Exists => Length >= 0;
}
