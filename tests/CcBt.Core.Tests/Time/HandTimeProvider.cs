namespace CcBt.Core.Tests.Time;

/// <summary>A clock that stands still, with one timer that a test rings by hand, however early. It tells each time that the timer is armed.</summary>
internal sealed class HandTimeProvider : TimeProvider
{
    private Action _ring = () => { };

    /// <summary>Released once each time the timer is given a due time.</summary>
    public SemaphoreSlim Armed { get; } = new(0);

    public override long GetTimestamp() => 0;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _ring = () => callback(state);
        return new HandTimer(this);
    }

    public void Ring() => _ring();

    private sealed class HandTimer(HandTimeProvider owner) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != Timeout.InfiniteTimeSpan)
                owner.Armed.Release();
            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
