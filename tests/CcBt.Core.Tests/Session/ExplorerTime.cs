namespace CcBt.Core.Tests.Session;

/// <summary>A clock whose timers are strands: that one fires is a choice like any other, and moves the clock to its due time.</summary>
internal sealed class ExplorerTime(Baton baton) : TimeProvider
{
    public TimeSpan Now { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(this, () => callback(state));

    private sealed class Timer(ExplorerTime time, Action callback) : ITimer
    {
        private readonly Baton _baton = time.Baton;
        private Strand? _strand;
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Stop();
            if (_disposed || dueTime == Timeout.InfiniteTimeSpan) return !_disposed;
            TimeSpan due = time.Now + dueTime;
            _strand = _baton.Begin("timer", () =>
            {
                if (time.Now < due) time.Now = due;
                callback();
            });
            return true;
        }

        public void Dispose()
        {
            _disposed = true;
            Stop();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        // One that has begun to fire is past stopping, as with a real timer.
        private void Stop()
        {
            if (_strand is { Next: "begin" } strand && !ReferenceEquals(_baton.Current, strand)) _baton.Withdraw(strand);
            _strand = null;
        }
    }

    private Baton Baton => baton;
}
