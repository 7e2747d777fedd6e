namespace CcBt.Core.Simulation.Time;

/// <summary>A timer in virtual time. It may be disposed from any thread; everything else belongs to the world's.</summary>
internal sealed class SimTimer(SimClock clock, TimerCallback callback, object? state) : ITimer
{
    private int _generation;
    private volatile bool _isDisposed;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_isDisposed)
            return false;
        int generation = ++_generation;
        if (dueTime != Timeout.InfiniteTimeSpan)
            clock.World.After(dueTime, () => Ring(generation, period));
        return true;
    }

    public void Dispose() => _isDisposed = true;

    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        return ValueTask.CompletedTask;
    }

    private void Ring(int generation, TimeSpan period)
    {
        if (_isDisposed || clock.IsStopped || generation != _generation)
            return;
        if (clock.FrozenUntil > clock.World.Now)
        {
            clock.World.At(clock.FrozenUntil, () => Ring(generation, period));
            return;
        }
        if (period > TimeSpan.Zero)
            clock.World.After(period, () => Ring(generation, period));
        callback(state);
    }
}
