namespace CcBt.Core.Session;

/// <summary>
/// The one timer of a gate. It is armed after the swap that asks for it, possibly late and out of order, and therefore only says
/// that it may be time: whoever it wakes asks <see cref="IsDue"/>. Any thread may call it.
/// </summary>
internal sealed class RetryTimer : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public RetryTimer(TimeProvider time, Action wake)
    {
        _time = time;

        // The creator's execution context must not live as long as the timer.
        using (Detached.Begin())
        {
            _timer = time.CreateTimer(static action => ((Action)action!)(), wake, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public void Arm(TimeSpan delay) => _timer.Change(delay, Timeout.InfiniteTimeSpan);

    public long TimestampAfter(TimeSpan delay) => _time.GetTimestamp() + (long)(delay.TotalSeconds * _time.TimestampFrequency);

    /// <summary>Whether the timestamp has come; where it has not, the timer is armed for the rest.</summary>
    public bool IsDue(long timestamp)
    {
        double early = Math.Ceiling((timestamp - _time.GetTimestamp()) * 1000.0 / _time.TimestampFrequency);
        if (early > 0) Arm(TimeSpan.FromMilliseconds(early));
        return early <= 0;
    }

    public void Dispose() => _timer.Dispose();
}
