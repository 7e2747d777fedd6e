using CcBt.Core.Session;

namespace CcBt.Core.Tests.Session;

/// <summary>A start that fails, and what comes after it: scenarios 6, 7, 8, 9, 28.</summary>
public sealed class StartGateFailureTests
{
    private static readonly IOException s_diskBusy = new("disk busy");

    private readonly StartScript _script = new();

    private StartGate Gate => _script.Gate;

    [Fact]
    public async Task Scenario06_Every_waiter_sees_the_exception_and_the_next_attempt_runs()
    {
        using var source = new CancellationTokenSource();
        Task[] waits = [Gate.StartAsync(), Gate.StartAsync(source.Token), Gate.StartAsync()];
        _script.Last.Fail(s_diskBusy);
        foreach (Task wait in waits) Assert.Same(s_diskBusy, await Assert.ThrowsAsync<IOException>(() => wait));

        Assert.Same(s_diskBusy, Gate.State.Error);
        Task next = Gate.StartAsync();
        Assert.Equal(2, _script.Runs.Count);
        Assert.Null(Gate.State.Error);
        _script.Last.Succeed();
        Assert.True(next.IsCompletedSuccessfully);
        Assert.Equal(new StartCounters(Begun: 2, Joined: 2, Failed: 1, Retried: 1, Closed: 0), Gate.Counters);
    }

    [Fact]
    public async Task Scenario06_A_body_that_cancels_itself_frees_the_gate_too()
    {
        Task wait = Gate.StartAsync();
        _script.Last.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        Assert.Equal(GatePhase.BackingOff, Gate.State.Phase);
        _script.Advance(1);
        Assert.Equal(2, _script.Runs.Count);
    }

    [Fact]
    public async Task Scenario07_A_throw_before_the_first_await_does_the_same()
    {
        _script.ThrowAtOnce = s_diskBusy;
        Task wait = Gate.StartAsync();
        Assert.Same(s_diskBusy, await Assert.ThrowsAsync<IOException>(() => wait));
        Assert.Equal(KnockResult.BackingOff, Gate.Knock(KnockSource.Dht));

        _script.ThrowAtOnce = null;
        Task next = Gate.StartAsync();
        _script.Last.Succeed();
        Assert.True(next.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Scenario07_Nothing_is_locked_while_the_body_runs()
    {
        StartGate? gate = null;
        gate = new StartGate(
            async _ =>
            {
                Task<KnockResult> other = Task.Run(() => gate!.Knock(KnockSource.Tracker));
                Assert.Equal(KnockResult.Joined, await other);
                gate!.Hold();
                gate.Release();
            },
            new StartGateOptions());
        await gate.StartAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Scenario08_Attempts_follow_the_back_off_and_not_the_storm()
    {
        _script.ThrowAtOnce = s_diskBusy;
        var attempts = new List<double>();
        for (int tenth = 0; tenth <= 2_000; tenth++)
        {
            int before = _script.Runs.Count;
            for (int i = 0; i < 20; i++)
            {
                KnockResult result = Gate.Knock(KnockSource.Dht);
                if (tenth > 0) Assert.Equal(KnockResult.BackingOff, result);
            }

            if (_script.Runs.Count > before) attempts.Add(tenth / 10.0);
            before = _script.Runs.Count;
            _script.Advance(0.1);
            if (_script.Runs.Count > before) attempts.Add((tenth + 1) / 10.0);
        }

        Assert.Equal([0, 1, 3, 7, 15, 31, 63, 123, 183], attempts);
        string[] lines = _script.Log.Lines;
        Assert.Equal(18, lines.Length);
        Assert.Equal(["1 begun by Dht", "1 failed: disk busy, again in 1 s", "2 begun by Retry", "2 failed: disk busy, again in 2 s"], lines[..4]);
        Assert.Equal(["9 begun by Retry", "9 failed: disk busy, again in 60 s"], lines[^2..]);
    }

    [Fact]
    public void Scenario08_In_a_silent_swarm_the_timer_knocks_by_itself()
    {
        _script.ThrowAtOnce = s_diskBusy;
        Gate.Knock(KnockSource.Tracker);
        _script.Advance(7);
        Assert.Equal(4, _script.Runs.Count);

        _script.ThrowAtOnce = null;
        _script.Advance(8);
        _script.Last.Succeed();
        _script.Advance(1_000);
        Assert.Equal(5, _script.Runs.Count);
        Assert.Equal(GatePhase.Started, Gate.State.Phase);
        Assert.Equal(new StartCounters(Begun: 5, Joined: 0, Failed: 4, Retried: 4, Closed: 0), Gate.Counters);
    }

    [Fact]
    public void Scenario08_A_call_overrides_the_back_off_and_the_old_timer_does_no_harm()
    {
        Gate.Knock(KnockSource.Dht);
        _script.Last.Fail(s_diskBusy);
        _script.Advance(0.9);
        Task call = Gate.StartAsync();
        Assert.Equal(2, _script.Runs.Count);
        _script.Advance(10);
        Assert.Equal(2, _script.Runs.Count);

        _script.Last.Fail(s_diskBusy);
        Assert.True(call.IsFaulted);
        _script.Advance(1.9);
        Assert.Equal(2, _script.Runs.Count);
        _script.Advance(0.1);
        Assert.Equal(3, _script.Runs.Count);
    }

    [Fact]
    public void Scenario08_A_permanent_failure_is_begun_again_only_by_a_call()
    {
        var script = new StartScript(isTransient: static error => error is not TorrentException { IsTransient: false });
        var refused = new TorrentStorageException(TorrentErrorCode.AccessDenied, "no", "/x", isTransient: false);
        script.Gate.Knock(KnockSource.Dht);
        script.Last.Fail(refused);
        Assert.Equal(GatePhase.Faulted, script.Gate.State.Phase);
        Assert.Same(refused, script.Gate.State.Error);
        script.Advance(100_000);
        Assert.Equal(KnockResult.BackingOff, script.Gate.Knock(KnockSource.Dht));
        Assert.Single(script.Runs);

        Task call = script.Gate.StartAsync();
        script.Last.Succeed();
        Assert.True(call.IsCompletedSuccessfully);
        Assert.Equal("1 failed: no, for good", script.Log.Lines[1]);
    }

    [Fact]
    public void Scenario08_A_judge_that_throws_counts_as_permanent()
    {
        var script = new StartScript(isTransient: static _ => throw new InvalidOperationException());
        Task call = script.Gate.StartAsync();
        script.Last.Fail(s_diskBusy);
        Assert.Same(s_diskBusy, call.Exception!.InnerException);
        Assert.Equal(GatePhase.Faulted, script.Gate.State.Phase);
    }

    [Fact]
    public async Task Scenario09_Waiters_of_the_failed_attempt_do_not_take_the_retrys_result()
    {
        Task early = Gate.StartAsync();
        _script.Last.Fail(s_diskBusy);
        _script.Advance(1);
        Task late = Gate.StartAsync();
        Assert.NotSame(early, late);
        Assert.Equal(KnockResult.Joined, Gate.Knock(KnockSource.Retry));
        _script.Last.Succeed();

        await late;
        Assert.Same(s_diskBusy, await Assert.ThrowsAsync<IOException>(() => early));
        Assert.Equal(2, _script.Runs.Count);
    }

    [Fact]
    public async Task Scenario09_A_waiter_that_begins_again_at_once_never_joins_the_attempt_that_failed()
    {
        int runs = 0;
        var gate = new StartGate(
            async _ =>
            {
                await Task.Yield();
                if (Interlocked.Increment(ref runs) <= 200) throw s_diskBusy;
            },
            new StartGateOptions());
        int failures = 0;
        while (gate.State.Phase != GatePhase.Started)
        {
            try
            {
                await gate.StartAsync();
            }
            catch (IOException)
            {
                failures++;
            }
        }

        Assert.Equal(200, failures);
        Assert.Equal(201, runs);
    }

    [Fact]
    public void Scenario28_The_wall_clock_may_jump_and_the_back_off_does_not_move()
    {
        Gate.Knock(KnockSource.Dht);
        _script.Last.Fail(s_diskBusy);
        _script.Time.JumpUtc(TimeSpan.FromDays(365));
        Assert.Equal(KnockResult.BackingOff, Gate.Knock(KnockSource.Dht));
        _script.Time.JumpUtc(TimeSpan.FromDays(-730));
        _script.Advance(1);
        Assert.Equal(2, _script.Runs.Count);
    }

    [Fact]
    public void Scenario28_A_timer_that_fires_early_waits_for_the_rest()
    {
        int wakes = 0;
        using var timer = new RetryTimer(_script.Time, () => wakes++);
        long due = timer.TimestampAfter(TimeSpan.FromSeconds(5));
        timer.Arm(TimeSpan.FromSeconds(2));
        _script.Advance(2);
        Assert.False(timer.IsDue(due));
        Assert.Equal(TimeSpan.FromSeconds(3), _script.Time.NextDue);
        _script.Advance(3);
        Assert.True(timer.IsDue(due));
        Assert.Equal(2, wakes);
        Assert.Equal(0, _script.Time.ScheduledTimers);
    }
}
