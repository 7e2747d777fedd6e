namespace CcBt.Core.Tests.Time;

/// <summary>A timer of <see cref="ManualTimeProvider"/>; like the system's it carries the execution context of its creator.</summary>
internal sealed class ManualTimer(ManualTimeProvider owner, TimerCallback callback, object? state) : ITimer
{
    private readonly ExecutionContext? _context = ExecutionContext.Capture();

    // These four are guarded by the owner's lock.
    internal TimeSpan Due { get; set; }

    internal TimeSpan? Period { get; set; }

    internal long Sequence { get; set; }

    internal bool Disposed { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        return owner.Schedule(this, dueTime, period);
    }

    public void Dispose() => owner.Remove(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal void Fire()
    {
        if (_context is null)
        {
            callback(state);
            return;
        }

        ExecutionContext.Run(_context, static timer => ((ManualTimer)timer!).Invoke(), this);
    }

    private void Invoke() => callback(state);
}
