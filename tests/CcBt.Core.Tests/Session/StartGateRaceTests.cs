using CcBt.Core.Session;
using CcBt.Core.Tests.Time;

namespace CcBt.Core.Tests.Session;

/// <summary>Each move of the gate that another thread overtakes right before its swap is made all the same, on the state that the other one left.</summary>
public sealed class StartGateRaceTests
{
    private readonly Overtaking _steps = new();
    private readonly ManualTimeProvider _time = new();
    private readonly List<TaskCompletionSource> _runs = [];
    private readonly StartGate _gate;

    public StartGateRaceTests() => _gate = new StartGate(Body, new StartGateOptions { TimeProvider = _time, Steps = _steps, IsTransient = _ => true });

    [Fact]
    public void A_hold_that_a_knock_overtakes_holds()
    {
        _steps.Next = () => Assert.Equal(KnockResult.Begun, _gate.Knock(KnockSource.Dht));
        _gate.Hold();
        Assert.True(_gate.State is { Held: true, Phase: GatePhase.Starting });
        Assert.Null(_steps.Next);
    }

    [Fact]
    public void A_release_that_a_call_overtakes_releases()
    {
        _gate.Hold();
        _steps.Next = () => _ = _gate.StartAsync();
        _gate.Release();
        Assert.True(_gate.State is { Held: false, Phase: GatePhase.Starting });
        Assert.Single(_runs);
    }

    [Fact]
    public void A_release_with_an_owed_retry_that_a_call_overtakes_releases_and_begins_nothing_twice()
    {
        Fail();
        _gate.Hold();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(_gate.State.RetryOwed);
        _steps.Next = () => _ = _gate.StartAsync();
        _gate.Release();
        Assert.True(_gate.State is { Held: false, Phase: GatePhase.Starting });
        Assert.Equal(2, _runs.Count);
    }

    [Fact]
    public void A_timer_that_a_release_overtakes_begins_the_retry()
    {
        Fail();
        _gate.Hold();
        _steps.Next = _gate.Release;
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(2, _runs.Count);
        Assert.True(_gate.State is { Held: false, RetryOwed: false, Phase: GatePhase.Starting });
    }

    [Fact]
    public void A_timer_that_a_hold_overtakes_owes_the_retry()
    {
        Fail();
        _steps.Next = _gate.Hold;
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Single(_runs);
        Assert.True(_gate.State is { Held: true, RetryOwed: true, Phase: GatePhase.BackingOff });
    }

    [Fact]
    public async Task A_close_that_a_knock_overtakes_closes_and_awaits_what_was_begun()
    {
        _steps.Next = () => _gate.Knock(KnockSource.Dht);
        Task close = _gate.CloseAsync();
        Assert.Equal(GatePhase.Closed, _gate.State.Phase);
        Assert.False(close.IsCompleted);
        InlineSteps.Run(() => _runs[0].SetCanceled());
        await close.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(1, _gate.State.Cancelled);
    }

    [Fact]
    public void A_success_that_a_hold_overtakes_is_one()
    {
        Task call = _gate.StartAsync();
        _steps.Next = _gate.Hold;
        InlineSteps.Run(() => _runs[0].SetResult());
        Assert.True(_gate.State is { Held: true, Phase: GatePhase.Started });
        Assert.True(call.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_failure_that_a_hold_overtakes_is_counted_once()
    {
        _gate.Knock(KnockSource.Dht);
        _steps.Next = _gate.Hold;
        InlineSteps.Run(() => _runs[0].SetException(new IOException("busy")));
        Assert.True(_gate.State is { Held: true, Phase: GatePhase.BackingOff, Failed: 1 });
    }

    [Fact]
    public void A_failure_that_a_close_overtakes_leaves_the_gate_closed()
    {
        _gate.Knock(KnockSource.Dht);
        _steps.Next = () => _ = _gate.CloseAsync();
        InlineSteps.Run(() => _runs[0].SetException(new IOException("busy")));
        Assert.True(_gate.State is { Phase: GatePhase.Closed, Failed: 1 });
        _time.Advance(TimeSpan.FromSeconds(100));
        Assert.Single(_runs);
        Assert.Equal(KnockResult.Closed, _gate.Knock(KnockSource.Dht));
    }

    private void Fail()
    {
        _gate.Knock(KnockSource.Dht);
        InlineSteps.Run(() => _runs[0].SetException(new IOException("busy")));
        Assert.Equal(GatePhase.BackingOff, _gate.State.Phase);
    }

    private Task Body(CancellationToken cancellationToken)
    {
        _runs.Add(new TaskCompletionSource());
        return _runs[^1].Task;
    }

    /// <summary>Lets one action go first, right before the next swap.</summary>
    private sealed class Overtaking : IGateSteps
    {
        public Action? Next { get; set; }

        public void At(GatePoint point, GateState? seen)
        {
            if (point != GatePoint.Swap || Next is not { } first)
                return;
            Next = null;
            first();
        }

        public void Queue(IThreadPoolWorkItem work) => InlineSteps.Run(work.Execute);
    }
}
