using System.Collections.Concurrent;

namespace CcBt.Core.Transport;

/// <summary>Gives busy links a thread each, up to a bound. Thread-safe.</summary>
internal sealed class ReceiveThreads(int most) : IDisposable
{
    private readonly ConcurrentBag<byte[]> _scratch = [];
    private int _running;
    private volatile bool _isDisposed;

    public int Running => Volatile.Read(ref _running);

    /// <summary>Runs the loop of a link on a thread of its own. False when none is free; the link goes on as it is.</summary>
    public bool TryRun(LinkReceiver receiver)
    {
        if (_isDisposed)
            return false;
        if (Interlocked.Increment(ref _running) > most)
        {
            Interlocked.Decrement(ref _running);
            return false;
        }
        var thread = new Thread(Run) { IsBackground = true, Name = "CcBt receive" };
        thread.UnsafeStart(receiver);
        return true;
    }

    public void Dispose() => _isDisposed = true;

    private void Run(object? state)
    {
        if (!_scratch.TryTake(out byte[]? scratch))
            scratch = GC.AllocateUninitializedArray<byte>(Limits.ReceiveBytes);
        ((LinkReceiver)state!).RunThreaded(scratch);
        _scratch.Add(scratch);
        Interlocked.Decrement(ref _running);
    }
}
