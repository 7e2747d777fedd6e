using CcBt.Core.Storage;

namespace CcBt.Core.Tests.Storage;

/// <summary>A disk that hangs in each opening and deletion of a file while its gate is shut, and counts flushes of directories.</summary>
internal sealed class GatedDisk(IDisk inner) : IDisk
{
    private readonly ManualResetEventSlim _gate = new(initialState: true);
    private volatile bool _isBroken;
    private int _directoryFlushes;

    /// <summary>Released by each call that has come to the gate while it was shut.</summary>
    public SemaphoreSlim Waiting { get; } = new(0);

    public int DirectoryFlushes => Volatile.Read(ref _directoryFlushes);

    public void Shut() => _gate.Reset();

    public void Open() => _gate.Set();

    /// <summary>Whoever waits, and whoever comes, fails: nothing is written any more.</summary>
    public void Break()
    {
        _isBroken = true;
        _gate.Set();
    }

    public IDiskFile Open(in DiskPath path, DiskAccess access)
    {
        Pass();
        return inner.Open(path, access);
    }

    public DiskFileInfo GetInfo(in DiskPath path) => inner.GetInfo(path);

    public void CreateDirectory(in DiskPath path) => inner.CreateDirectory(path);

    public void Delete(in DiskPath path)
    {
        Pass();
        inner.Delete(path);
    }

    public bool TryDeleteDirectory(in DiskPath path) => inner.TryDeleteDirectory(path);

    public void Rename(in DiskPath from, in DiskPath to) => inner.Rename(from, to);

    public IReadOnlyList<string> Enumerate(in DiskPath directory) => inner.Enumerate(directory);

    public void FlushDirectory(in DiskPath path)
    {
        Interlocked.Increment(ref _directoryFlushes);
        inner.FlushDirectory(path);
    }

    private void Pass()
    {
        if (!_gate.IsSet)
            Waiting.Release();
        _gate.Wait();
        if (_isBroken)
            throw new IOException("The disk is broken.");
    }
}
