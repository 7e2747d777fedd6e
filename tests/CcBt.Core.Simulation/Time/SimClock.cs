namespace CcBt.Core.Simulation.Time;

/// <summary>The two clocks of one machine: the monotonic one is the world's, the wall clock can jump away from it. Its timers end with the machine.</summary>
internal sealed class SimClock(World world) : TimeProvider
{
    private static readonly DateTimeOffset s_start = new(2024, 2, 29, 23, 59, 0, TimeSpan.Zero);

    private TimeSpan _jump;

    public World World => world;

    /// <summary>The machine is gone: no timer of it rings any more.</summary>
    public bool IsStopped { get; set; }

    /// <summary>Until then no timer of the machine rings; those that were due ring then.</summary>
    public TimeSpan FrozenUntil { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => world.Now.Ticks;

    public override DateTimeOffset GetUtcNow() => s_start + world.Now + _jump;

    /// <summary>Moves the wall clock alone.</summary>
    public void JumpUtc(TimeSpan by) => _jump += by;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
