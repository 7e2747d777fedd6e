using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CcBt.Core.Storage;

/// <summary>An open file of the operating system.</summary>
internal sealed class OperatingSystemFile(SafeFileHandle handle, DiskPath path) : IDiskFile
{
    // One iovec array of the kernel has at most 1,024 entries; .NET splits longer lists by itself.
    private readonly SafeFileHandle _handle = handle;
    private byte[]? _name;

    public DiskFileInfo Info => new(RandomAccess.GetLength(_handle), File.GetLastWriteTimeUtc(_handle).Ticks);

    public bool HasItsName
    {
        get
        {
            // The path is encoded once an open file, so that looking again costs two system calls and no memory.
            _name ??= Encoding.UTF8.GetBytes(path.Full + '\0');
            return Native.TryGetIdentity(_handle, default, out FileIdentity own) && Native.TryGetIdentity(null, _name, out FileIdentity named) && own == named;
        }
    }

    public int Read(Span<byte> destination, long offset)
    {
        int done = 0;
        while (done < destination.Length)
        {
            int count = RandomAccess.Read(_handle, destination[done..], offset + done);
            if (count <= 0)
                break;
            done += count;
        }
        return done;
    }

    public void Write(ReadOnlySpan<byte> source, long offset) => RandomAccess.Write(_handle, source, offset);

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> sources, long offset) => RandomAccess.Write(_handle, sources, offset);

    public void SetLength(long length) => RandomAccess.SetLength(_handle, length);

    public void Flush() => RandomAccess.FlushToDisk(_handle);

    public long NextData(long offset)
    {
        if (OperatingSystem.IsWindows())
            return offset;
        long found = Native.SeekData(_handle, offset, RandomAccess.GetLength(_handle));
        return found < 0 ? offset : found;
    }

    public void Dispose() => _handle.Dispose();
}
