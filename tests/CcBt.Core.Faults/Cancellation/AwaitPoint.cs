namespace CcBt.Core.Faults.Cancellation;

/// <summary>Counts the awaits of a call and cancels its token at one of them. Thread-safe.</summary>
internal sealed class AwaitPoint(int at) : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private int _passed;

    public CancellationToken Token => _source.Token;

    /// <summary>Awaits so far.</summary>
    public int Passed => Volatile.Read(ref _passed);

    public bool HasStruck => Passed >= at;

    public void Pass()
    {
        if (Interlocked.Increment(ref _passed) == at)
            _source.Cancel();
    }

    public void Dispose() => _source.Dispose();
}
