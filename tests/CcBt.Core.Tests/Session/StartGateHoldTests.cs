using CcBt.Core.Session;

namespace CcBt.Core.Tests.Session;

/// <summary>Pause, resume and a session that is not armed, as far as the gate shows them; reports and counters: scenarios 11, 12, 14, 18, 24, 30.</summary>
public sealed class StartGateHoldTests
{
    [Fact]
    public void Scenario14_24_While_held_nothing_knocks_through_and_a_release_lets_knocks_in()
    {
        var script = new StartScript(held: true);
        foreach (KnockSource source in Enum.GetValues<KnockSource>()) Assert.Equal(KnockResult.Held, script.Gate.Knock(source));
        Assert.Empty(script.Runs);
        script.Gate.Release();
        Assert.Empty(script.Runs);
        Assert.Equal(KnockResult.Begun, script.Gate.Knock(KnockSource.Resume));
    }

    [Fact]
    public void Scenario12_A_call_passes_a_hold_and_a_hold_leaves_the_start_in_flight_alone()
    {
        var script = new StartScript(held: true);
        Task wait = script.Gate.StartAsync();
        script.Gate.Hold();
        Assert.Equal(KnockResult.Joined, script.Gate.Knock(KnockSource.Dht));
        Assert.Equal(GatePhase.Starting, script.Gate.State.Phase);
        Assert.False(script.Last.Token.IsCancellationRequested);
        script.Last.Succeed();
        Assert.True(wait.IsCompletedSuccessfully);
        Assert.True(script.Gate.State.Held);
        Assert.Equal(KnockResult.AlreadyStarted, script.Gate.Knock(KnockSource.Dht));
    }

    [Fact]
    public void Scenario14_A_retry_that_falls_due_while_held_is_begun_by_the_release()
    {
        var script = new StartScript();
        script.Gate.Knock(KnockSource.Dht);
        script.Last.Fail(new IOException("busy"));
        script.Gate.Hold();
        script.Advance(100);
        Assert.Single(script.Runs);
        Assert.Equal(KnockResult.Held, script.Gate.Knock(KnockSource.Dht));

        script.Gate.Release();
        Assert.Equal(2, script.Runs.Count);
        Assert.Equal("2 begun by Retry", script.Log.Lines[^1]);
        script.Gate.Release();
        Assert.Equal(2, script.Runs.Count);
    }

    [Fact]
    public void Scenario14_A_release_before_the_delay_has_passed_does_not_shorten_it()
    {
        var script = new StartScript();
        script.Gate.Knock(KnockSource.Dht);
        script.Last.Fail(new IOException("busy"));
        script.Gate.Hold();
        script.Gate.Release();
        Assert.Equal(KnockResult.BackingOff, script.Gate.Knock(KnockSource.Dht));
        script.Advance(0.99);
        Assert.Single(script.Runs);
        script.Advance(0.01);
        Assert.Equal(2, script.Runs.Count);
    }

    [Fact]
    public void Scenario11_A_call_takes_over_the_retry_that_is_owed()
    {
        var script = new StartScript();
        script.Gate.Knock(KnockSource.Dht);
        script.Last.Fail(new IOException("busy"));
        script.Gate.Hold();
        script.Advance(1);
        Task call = script.Gate.StartAsync();
        script.Gate.Release();
        Assert.Equal(2, script.Runs.Count);
        script.Last.Succeed();
        Assert.True(call.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Scenario18_An_observer_that_throws_harms_neither_start_nor_close()
    {
        var observer = new Moq.Mock<IStartGateObserver>(Moq.MockBehavior.Strict); // Strict: every report throws.
        var gate = new StartGate(_ => Task.CompletedTask, new StartGateOptions { Observer = observer.Object, Steps = new InlineSteps() });
        Assert.Equal(KnockResult.Begun, gate.Knock(KnockSource.Dht));
        Assert.True(gate.StartAsync().IsCompletedSuccessfully);
        await gate.CloseAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.IsType<Moq.MockException>(gate.LastFault);
    }

    [Fact]
    public async Task Scenario30_The_counters_add_up_at_every_moment()
    {
        var script = new StartScript();
        StartGate gate = script.Gate;
        Assert.Equal(new StartCounters(0, 0, 0, 0, 0), gate.Counters);
        gate.Knock(KnockSource.Dht);
        gate.Knock(KnockSource.Dht);
        Task joined = gate.StartAsync();
        Assert.Equal(new StartCounters(Begun: 1, Joined: 2, Failed: 0, Retried: 0, Closed: 0), gate.Counters);
        script.Last.Fail(new IOException("busy"));
        await Assert.ThrowsAsync<IOException>(() => joined);
        gate.Knock(KnockSource.Dht);
        Assert.Equal(new StartCounters(Begun: 1, Joined: 2, Failed: 1, Retried: 0, Closed: 0), gate.Counters);
        script.Advance(1);
        Assert.Equal(new StartCounters(Begun: 2, Joined: 2, Failed: 1, Retried: 1, Closed: 0), gate.Counters);
        Task close = gate.CloseAsync();
        script.Last.Cancel();
        await close;
        gate.Knock(KnockSource.Dht);
        Assert.Equal(new StartCounters(Begun: 2, Joined: 2, Failed: 1, Retried: 1, Closed: 1), gate.Counters);
        Assert.Equal(
            ["1 begun by Dht", "1 failed: busy, again in 1 s", "2 begun by Retry", "2 cancelled", "closed"],
            script.Log.Lines);
    }

    [Fact]
    public void The_delay_doubles_up_to_its_longest()
    {
        var options = new StartGateOptions();
        double[] seconds = [.. Enumerable.Range(1, 9).Select(failures => options.RetryDelay(failures).TotalSeconds)];
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60, 60], seconds);
        Assert.Equal(TimeSpan.FromSeconds(60), options.RetryDelay(long.MaxValue));
    }

    [Fact]
    public void A_gate_without_an_observer_keeps_no_fault()
    {
        var gate = new StartGate(_ => Task.CompletedTask, new StartGateOptions { Steps = new InlineSteps() });
        Assert.Equal(KnockResult.Begun, gate.Knock(KnockSource.Dht));
        Assert.Null(gate.LastFault);
    }
}
