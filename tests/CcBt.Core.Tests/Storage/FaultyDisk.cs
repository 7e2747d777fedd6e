using CcBt.Core.Storage;

namespace CcBt.Core.Tests.Storage;

/// <summary>A disk whose n-th call fails, which is full after n bytes, or whose directories are on different volumes.</summary>
internal sealed class FaultyDisk(IDisk inner) : IDisk
{
    private const int NoSpace = 28;
    private const int InputOutput = 5;
    private const int CrossDevice = 18;
    private int _calls;
    private long _written;

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>The number of the call that fails, from 1; 0 for none.</summary>
    public int FailAt { get; set; }

    /// <summary>All calls from <see cref="FailAt"/> on fail.</summary>
    public bool StaysBroken { get; set; }

    public long Capacity { get; set; } = long.MaxValue;

    public bool IsSplit { get; set; }

    public int Reads { get; private set; }

    public void Restart()
    {
        _calls = 0;
        FailAt = 0;
    }

    public IDiskFile Open(in DiskPath path, DiskAccess access)
    {
        Count();
        return new FaultyFile(this, inner.Open(path, access));
    }

    public DiskFileInfo GetInfo(in DiskPath path)
    {
        Count();
        return inner.GetInfo(path);
    }

    public void CreateDirectory(in DiskPath path)
    {
        Count();
        inner.CreateDirectory(path);
    }

    public void Delete(in DiskPath path)
    {
        Count();
        inner.Delete(path);
    }

    public bool TryDeleteDirectory(in DiskPath path)
    {
        Count();
        return inner.TryDeleteDirectory(path);
    }

    public void Rename(in DiskPath from, in DiskPath to)
    {
        Count();
        if (IsSplit && from.Root != to.Root)
            throw new IOException("Another volume.", CrossDevice);
        inner.Rename(from, to);
    }

    public IReadOnlyList<string> Enumerate(in DiskPath directory)
    {
        Count();
        return inner.Enumerate(directory);
    }

    public void FlushDirectory(in DiskPath path)
    {
        Count();
        inner.FlushDirectory(path);
    }

    private void Count()
    {
        int call = Interlocked.Increment(ref _calls);
        if (FailAt > 0 && (call == FailAt || (StaysBroken && call > FailAt)))
            throw new IOException($"Call {call} fails.", InputOutput);
    }

    private void Fill(long bytes)
    {
        Count();
        if (Interlocked.Add(ref _written, bytes) <= Capacity)
            return;
        Interlocked.Add(ref _written, -bytes);
        throw new IOException("No space is left.", NoSpace);
    }

    private sealed class FaultyFile(FaultyDisk disk, IDiskFile inner) : IDiskFile
    {
        public DiskFileInfo Info => inner.Info;

        public int Read(Span<byte> destination, long offset)
        {
            disk.Count();
            disk.Reads++;
            return inner.Read(destination, offset);
        }

        public void Write(ReadOnlySpan<byte> source, long offset)
        {
            disk.Fill(source.Length);
            inner.Write(source, offset);
        }

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> sources, long offset)
        {
            disk.Fill(sources.Sum(s => (long)s.Length));
            inner.Write(sources, offset);
        }

        public void SetLength(long length)
        {
            disk.Count();
            inner.SetLength(length);
        }

        public void Flush()
        {
            disk.Count();
            inner.Flush();
        }

        public long NextData(long offset) => inner.NextData(offset);

        public void Dispose() => inner.Dispose();
    }
}
