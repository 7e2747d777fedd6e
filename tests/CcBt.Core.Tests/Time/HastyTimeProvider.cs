namespace CcBt.Core.Tests.Time;

/// <summary>A clock that is further on at each look: whatever is measured takes at least so long. Its timers never ring.</summary>
internal sealed class HastyTimeProvider(TimeSpan step) : TimeProvider
{
    private readonly ManualTimeProvider _timers = new();
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Add(ref _ticks, step.Ticks);

    public override DateTimeOffset GetUtcNow() => _timers.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => _timers.CreateTimer(callback, state, dueTime, period);
}
