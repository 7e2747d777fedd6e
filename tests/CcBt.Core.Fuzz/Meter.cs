namespace CcBt.Core.Fuzz;

/// <summary>Measures the library's calls, without what the target itself does around them: the longest in processor time, and the greatest share of the allowed allocation.</summary>
internal sealed class Meter
{
    /// <summary>Allocation allowed for a byte of input, above <see cref="AllowedBase"/>.</summary>
    public const int AllowedPerByte = 64;
    public const int AllowedBase = 64 * 1024;
    public const double AllowedMilliseconds = 50;

    private TimeSpan _startedAt;
    private long _allocatedBefore;

    public double Milliseconds { get; private set; }

    /// <summary>Bytes allocated by one call over the bytes allowed for its input; above 1 is too much.</summary>
    public double AllocationShare { get; private set; }

    public bool IsWithinBounds => Milliseconds <= AllowedMilliseconds && AllocationShare <= 1;

    public void Reset() => (Milliseconds, AllocationShare) = (0, 0);

    public void Start()
    {
        _allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        _startedAt = ThreadClock.Now;
    }

    public void Stop(int inputBytes)
    {
        double milliseconds = (ThreadClock.Now - _startedAt).TotalMilliseconds;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - _allocatedBefore;
        Milliseconds = Math.Max(Milliseconds, milliseconds);
        AllocationShare = Math.Max(AllocationShare, (double)allocated / (AllowedBase + (long)AllowedPerByte * inputBytes));
    }
}
