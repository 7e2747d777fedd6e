using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CcBt.Core.Storage;

/// <summary>
/// The real file system. On Linux and macOS every path is walked from its root with one directory handle an element and
/// without following links, so no link can be slipped in between a check and its use; on Windows each element is checked first.
/// </summary>
internal sealed class OperatingSystemDisk : IDisk
{
    private OperatingSystemDisk()
    {
    }

    public static OperatingSystemDisk Instance { get; } = new();

    public IDiskFile Open(in DiskPath path, DiskAccess access)
    {
        SafeFileHandle handle = OperatingSystem.IsWindows() ? OpenOnWindows(path, access) : OpenOnUnix(path, access);
        try
        {
            RandomAccess.GetLength(handle);
            return new OperatingSystemFile(handle, path);
        }
        catch (NotSupportedException error)
        {
            handle.Dispose();
            throw new TorrentStorageException(TorrentErrorCode.PathRefused, $"'{path}' is no regular file.", path.Full, isTransient: false, error);
        }
    }

    public DiskFileInfo GetInfo(in DiskPath path)
    {
        RefuseLinks(path);
        var info = new FileInfo(path.Full);
        return info.Exists ? new DiskFileInfo(info.Length, info.LastWriteTimeUtc.Ticks) : DiskFileInfo.Missing;
    }

    public void CreateDirectory(in DiskPath path)
    {
        if (OperatingSystem.IsWindows())
        {
            RefuseLinks(path);
            Directory.CreateDirectory(path.Full);
            return;
        }
        Native.Close(Walk(path, create: true));
    }

    public void Delete(in DiskPath path) => Unlink(path, directory: false);

    public bool TryDeleteDirectory(in DiskPath path) => Unlink(path, directory: true);

    public void Rename(in DiskPath from, in DiskPath to)
    {
        if (OperatingSystem.IsWindows())
        {
            RefuseLinks(from);
            RefuseLinks(to);
            Directory.CreateDirectory(to.Parent.Full);
            File.Move(from.Full, to.Full, overwrite: true);
            return;
        }
        int source = Walk(from.Parent, create: false);
        try
        {
            int target = Walk(to.Parent, create: true);
            try
            {
                if (Native.RenameAt(source, NameOf(from), target, NameOf(to)) != 0)
                    throw ErrorOf(Marshal.GetLastPInvokeError(), from);
            }
            finally
            {
                Native.Close(target);
            }
        }
        finally
        {
            Native.Close(source);
        }
    }

    public IReadOnlyList<string> Enumerate(in DiskPath directory)
    {
        RefuseLinks(directory);
        var found = new DirectoryInfo(directory.Full);
        if (!found.Exists)
            return [];
        var names = new List<string>();
        foreach (FileInfo file in found.EnumerateFiles())
            names.Add(file.Name);
        return names;
    }

    public void FlushDirectory(in DiskPath path)
    {
        // Windows journals names with the file; it has no call for a directory.
        if (OperatingSystem.IsWindows())
            return;
        int handle = Walk(path, create: false);
        try
        {
            if (Native.Flush(handle) != 0)
                throw ErrorOf(Marshal.GetLastPInvokeError(), path);
        }
        finally
        {
            Native.Close(handle);
        }
    }

    private static SafeFileHandle OpenOnWindows(in DiskPath path, DiskAccess access)
    {
        RefuseLinks(path);
        const FileShare share = FileShare.ReadWrite | FileShare.Delete;
        if (access == DiskAccess.Read)
            return File.OpenHandle(path.Full, FileMode.Open, FileAccess.Read, share);
        Directory.CreateDirectory(path.Parent.Full);
        SafeFileHandle handle = File.OpenHandle(path.Full, FileMode.OpenOrCreate, FileAccess.ReadWrite, share);
        Native.MakeSparse(handle);
        return handle;
    }

    private static SafeFileHandle OpenOnUnix(in DiskPath path, DiskAccess access)
    {
        bool write = access == DiskAccess.Write;
        int parent = Walk(path.Parent, write);
        try
        {
            int handle = Native.OpenFile(parent, NameOf(path), write);
            return handle >= 0 ? new SafeFileHandle(handle, ownsHandle: true) : throw ErrorOf(Marshal.GetLastPInvokeError(), path);
        }
        finally
        {
            Native.Close(parent);
        }
    }

    /// <summary>Opens a directory element by element and returns its handle; the caller closes it.</summary>
    private static int Walk(in DiskPath path, bool create)
    {
        if (create)
            Directory.CreateDirectory(path.Root);
        int current = Native.OpenRoot(path.Root);
        if (current < 0)
            throw ErrorOf(Marshal.GetLastPInvokeError(), path);
        foreach (string name in path.Elements())
        {
            int next = Enter(current, name, create, out int error);
            Native.Close(current);
            if (next < 0)
                throw ErrorOf(error, path);
            current = next;
        }
        return current;
    }

    private static int Enter(int parent, string name, bool create, out int error)
    {
        int next = Native.OpenDirectory(parent, name);
        error = next < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (next >= 0 || !create || error != Native.NoEntry)
            return next;
        if (Native.MakeDirectory(parent, name) != 0)
        {
            error = Marshal.GetLastPInvokeError();
            if (error != Native.Exists)
                return -1;
        }
        next = Native.OpenDirectory(parent, name);
        error = next < 0 ? Marshal.GetLastPInvokeError() : 0;
        return next;
    }

    private static bool Unlink(in DiskPath path, bool directory)
    {
        if (OperatingSystem.IsWindows())
            return UnlinkOnWindows(path, directory);
        int parent;
        try
        {
            parent = Walk(path.Parent, create: false);
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
        try
        {
            if (Native.Unlink(parent, NameOf(path), directory) == 0)
                return true;
            int error = Marshal.GetLastPInvokeError();
            bool expected = error == Native.NoEntry || (directory && error is Native.NotEmptyLinux or Native.NotEmptyMac or Native.Exists or Native.NotDirectory);
            return expected ? false : throw ErrorOf(error, path);
        }
        finally
        {
            Native.Close(parent);
        }
    }

    private static bool UnlinkOnWindows(in DiskPath path, bool directory)
    {
        RefuseLinks(path);
        if (!directory)
        {
            File.Delete(path.Full);
            return true;
        }
        var found = new DirectoryInfo(path.Full);
        if (!found.Exists || found.EnumerateFileSystemInfos().Any())
            return false;
        found.Delete();
        return true;
    }

    private static string NameOf(in DiskPath path) => path.Relative[(path.Relative.LastIndexOf('/') + 1)..];

    private static void RefuseLinks(in DiskPath path)
    {
        for (DiskPath at = path; !at.IsRoot; at = at.Parent)
        {
            var info = new FileInfo(at.Full);
            if ((int)info.Attributes != -1 && info.Attributes.HasFlag(FileAttributes.ReparsePoint))
                throw Refused(path);
        }
    }

    private static Exception ErrorOf(int error, in DiskPath path)
    {
        string text = $"{Marshal.GetPInvokeErrorMessage(error)}: '{path}'";
        if (error == Native.LinkLoop || error == Native.NotDirectory)
            return Refused(path);
        return error switch
        {
            Native.NoEntry => new DirectoryNotFoundException(text),
            Native.AccessDenied or Native.NotPermitted => new UnauthorizedAccessException(text),
            _ => new IOException(text, error),
        };
    }

    private static TorrentStorageException Refused(in DiskPath path)
        => new(TorrentErrorCode.PathRefused, $"'{path}' passes a link below '{path.Root}' or a file that stands for a directory; remove it or choose another directory.",
            path.Full, isTransient: false);
}
