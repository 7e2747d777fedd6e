namespace CcBt.Core.Tests.Time;

public sealed class ManualTimeProviderTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Timers_fire_in_due_order_and_see_their_own_time()
    {
        var fired = new List<(string Name, TimeSpan At)>();
        using ITimer late = Timer(() => fired.Add(("late", _time.Elapsed)), 3);
        using ITimer early = Timer(() => fired.Add(("early", _time.Elapsed)), 1);
        using ITimer tie = Timer(() => fired.Add(("tie", _time.Elapsed)), 3);

        _time.Advance(TimeSpan.FromSeconds(2.5));
        Assert.Equal([("early", TimeSpan.FromSeconds(1))], fired);
        Assert.Equal(TimeSpan.FromSeconds(0.5), _time.NextDue);

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["early", "late", "tie"], fired.Select(entry => entry.Name));
        Assert.Equal(TimeSpan.FromSeconds(3), fired[2].At);
        Assert.Equal(TimeSpan.FromSeconds(4.5), _time.Elapsed);
        Assert.Equal(0, _time.ScheduledTimers);
    }

    [Fact]
    public void A_timer_armed_by_a_callback_fires_in_the_same_advance()
    {
        int count = 0;
        ITimer? timer = null;
        timer = Timer(() => { if (++count < 3) timer!.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan); }, 1);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(3, count);
    }

    [Fact]
    public void A_period_repeats_until_dispose()
    {
        int count = 0;
        ITimer timer = _time.CreateTimer(_ => count++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(3, count);
        timer.Dispose();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(3, count);
        Assert.False(timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void The_wall_clock_jumps_without_the_timestamps()
    {
        long timestamp = _time.GetTimestamp();
        DateTimeOffset utc = _time.GetUtcNow();
        int count = 0;
        using ITimer timer = Timer(() => count++, 60);

        _time.JumpUtc(TimeSpan.FromHours(1));
        Assert.Equal(utc + TimeSpan.FromHours(1), _time.GetUtcNow());
        Assert.Equal(TimeSpan.Zero, _time.GetElapsedTime(timestamp));
        _time.JumpUtc(TimeSpan.FromHours(-2));
        Assert.Equal(utc - TimeSpan.FromHours(1), _time.GetUtcNow());
        Assert.Equal(0, count);
    }

    [Fact]
    public async Task Library_delays_and_cancellation_follow_it()
    {
        Task delay = Task.Delay(TimeSpan.FromSeconds(5), _time);
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(6), _time);
        _time.Advance(TimeSpan.FromSeconds(5));
        await delay.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(source.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(source.IsCancellationRequested);
    }

    private ITimer Timer(Action action, double seconds) =>
        _time.CreateTimer(_ => action(), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
}
