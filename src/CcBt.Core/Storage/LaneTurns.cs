namespace CcBt.Core.Storage;

/// <summary>
/// Threads that may hash several pieces at a time, of all checks together: each holds a run of every piece, so their number bounds the memory, also when a thousand
/// torrents are checked at once. Who gets no turn does not wait, since a disk may hang: it hashes piece by piece. Thread-safe.
/// </summary>
internal sealed class LaneTurns(int most)
{
    private int _left = most;

    /// <summary>More than one thread for each processor would gain nothing.</summary>
    public static LaneTurns OfProcess { get; } = new(Math.Min(Environment.ProcessorCount, Limits.CheckThreads));

    public bool TryTake()
    {
        if (Interlocked.Decrement(ref _left) >= 0)
            return true;
        Interlocked.Increment(ref _left);
        return false;
    }

    public void Return() => Interlocked.Increment(ref _left);
}
