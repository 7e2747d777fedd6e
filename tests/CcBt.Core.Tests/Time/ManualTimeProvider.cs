namespace CcBt.Core.Tests.Time;

/// <summary>
/// A clock that moves only when a test says so. Timers fire inside <see cref="Advance"/>, on the calling thread, in the
/// order of their due times, each seeing its own due time as now. The wall clock can jump without the timestamps.
/// Any thread may call it.
/// </summary>
internal sealed class ManualTimeProvider : TimeProvider
{
    private readonly object _sync = new();
    private readonly List<ManualTimer> _scheduled = [];
    private readonly DateTimeOffset _start;
    private TimeSpan _elapsed;
    private TimeSpan _wallJump;
    private long _sequence;

    public ManualTimeProvider()
        : this(new DateTimeOffset(2001, 7, 2, 12, 0, 0, TimeSpan.Zero))
    {
    }

    public ManualTimeProvider(DateTimeOffset start) => _start = start.ToUniversalTime();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How far the monotonic clock has moved since the provider was made.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_sync) return _elapsed;
        }
    }

    /// <summary>How many timers are waiting to fire.</summary>
    public int ScheduledTimers
    {
        get
        {
            lock (_sync) return _scheduled.Count;
        }
    }

    /// <summary>The time from now to the next timer, or null where none is scheduled.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            lock (_sync) return Earliest() is { } timer ? timer.Due - _elapsed : null;
        }
    }

    public override long GetTimestamp() => Elapsed.Ticks;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_sync) return _start + _elapsed + _wallJump;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the monotonic and the wall clock on and fires every timer that falls due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan target;
        lock (_sync) target = _elapsed + by;
        while (TakeDue(target) is { } timer) timer.Fire();
    }

    /// <summary>Moves the wall clock alone, forwards or backwards, as a user or a time server does.</summary>
    public void JumpUtc(TimeSpan by)
    {
        lock (_sync) _wallJump += by;
    }

    internal bool Schedule(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_sync)
        {
            if (timer.Disposed) return false;
            _scheduled.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan) return true;
            timer.Due = _elapsed + dueTime;
            timer.Period = period > TimeSpan.Zero ? period : null;
            timer.Sequence = _sequence++;
            _scheduled.Add(timer);
            return true;
        }
    }

    internal void Remove(ManualTimer timer)
    {
        lock (_sync)
        {
            timer.Disposed = true;
            _scheduled.Remove(timer);
        }
    }

    private ManualTimer? TakeDue(TimeSpan target)
    {
        lock (_sync)
        {
            ManualTimer? timer = Earliest();
            if (timer is null || timer.Due > target)
            {
                if (_elapsed < target) _elapsed = target;
                return null;
            }

            if (_elapsed < timer.Due) _elapsed = timer.Due;
            if (timer.Period is { } period)
            {
                timer.Due += period;
                timer.Sequence = _sequence++;
            }
            else
            {
                _scheduled.Remove(timer);
            }

            return timer;
        }
    }

    private ManualTimer? Earliest() => _scheduled.MinBy(timer => (timer.Due, timer.Sequence));
}
