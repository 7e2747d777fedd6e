namespace CcBt.Core.Storage;

/// <summary>
/// Every call that this library makes to a file system, so that tests can make any of them fail. Calls are synchronous
/// and thread-safe. They throw what the system throws (<see cref="IOException"/>, <see cref="UnauthorizedAccessException"/>), and
/// <see cref="TorrentStorageException"/> with <see cref="TorrentErrorCode.PathRefused"/> for a link below the root.
/// </summary>
internal interface IDisk
{
    /// <summary>Opens a file; for writing it and its directories are created when they are missing.</summary>
    IDiskFile Open(in DiskPath path, DiskAccess access);

    /// <summary>What is known of the file; <see cref="DiskFileInfo.Missing"/> when there is none.</summary>
    DiskFileInfo GetInfo(in DiskPath path);

    void CreateDirectory(in DiskPath path);

    /// <summary>Deletes the file; nothing happens when there is none.</summary>
    void Delete(in DiskPath path);

    /// <summary>Deletes the directory when it is empty. False when it is not empty or does not exist.</summary>
    bool TryDeleteDirectory(in DiskPath path);

    /// <summary>Renames a file, in place of a file that has the new name. The new directory is created when it is missing.</summary>
    void Rename(in DiskPath from, in DiskPath to);

    /// <summary>The names of the files (not directories) in a directory; none when it does not exist.</summary>
    IReadOnlyList<string> Enumerate(in DiskPath directory);

    /// <summary>Makes creations and renames in a directory durable, where the system has a call for it.</summary>
    void FlushDirectory(in DiskPath path);
}
