namespace CcBt.Core.Storage;

/// <summary>
/// Lets reads and writes of pieces in side by side, and a move, a selection change or closing in alone. Thread-safe; a thread
/// leaves what it has entered and never enters twice.
/// </summary>
internal sealed class StorageGate
{
    private readonly ReaderWriterLockSlim _lock = new();
    private volatile bool _isClosed;

    public bool IsClosed => _isClosed;

    /// <summary>False when the store is closed or somebody has it alone for longer than the bound.</summary>
    public bool TryEnterShared(TimeSpan bound)
    {
        if (_isClosed || !_lock.TryEnterReadLock(bound))
            return false;
        if (!_isClosed)
            return true;
        _lock.ExitReadLock();
        return false;
    }

    public void ExitShared() => _lock.ExitReadLock();

    /// <summary>False when the store is closed or is used by others for longer than the bound.</summary>
    public bool TryEnterAlone(TimeSpan bound)
    {
        if (_isClosed || !_lock.TryEnterWriteLock(bound))
            return false;
        if (!_isClosed)
            return true;
        _lock.ExitWriteLock();
        return false;
    }

    public void ExitAlone() => _lock.ExitWriteLock();

    /// <summary>Nobody enters any more; returns when those inside have left, or after the bound.</summary>
    public void Close(TimeSpan bound)
    {
        _isClosed = true;
        if (_lock.TryEnterWriteLock(bound))
            _lock.ExitWriteLock();
    }
}
