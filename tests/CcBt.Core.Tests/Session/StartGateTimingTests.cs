using CcBt.Core.Session;

namespace CcBt.Core.Tests.Session;

/// <summary>Timers that fire early, bodies that run late, and what a caller's context has to do with either: scenarios 10, 28.</summary>
public sealed class StartGateTimingTests : IGateSteps
{
    private readonly Queue<IThreadPoolWorkItem> _queued = new();
    private int _runs;

    void IGateSteps.At(GatePoint point, GateState? seen)
    {
    }

    void IGateSteps.Queue(IThreadPoolWorkItem work) => _queued.Enqueue(work);

    [Fact]
    public void Scenario28_A_retry_does_not_begin_because_its_timer_fires_early()
    {
        var time = new EarlyTime();
        var gate = new StartGate(Fail, new StartGateOptions { TimeProvider = time, Steps = new InlineSteps() });
        Assert.Equal(KnockResult.Begun, gate.Knock(KnockSource.Dht));
        Assert.Equal(1, _runs);
        Assert.Equal(TimeSpan.FromSeconds(1), time.Armed);
        time.Timestamp = TimeSpan.FromSeconds(0.25).Ticks;
        time.Fire();
        Assert.Equal(1, _runs);
        Assert.Equal(TimeSpan.FromSeconds(0.75), time.Armed);
        time.Timestamp = TimeSpan.FromSeconds(1).Ticks;
        time.Fire();
        Assert.Equal(2, _runs);
    }

    [Fact]
    public async Task Scenario28_A_timer_that_fires_while_a_call_has_taken_over_begins_nothing()
    {
        var time = new EarlyTime();
        var body = new TaskCompletionSource();
        var gate = new StartGate(_ => ++_runs == 1 ? throw new IOException("busy") : body.Task, new StartGateOptions { TimeProvider = time, Steps = new InlineSteps() });
        gate.Knock(KnockSource.Dht);
        Task call = gate.StartAsync();
        Assert.Equal(2, _runs);
        time.Timestamp = TimeSpan.FromSeconds(5).Ticks;
        time.Fire();
        Assert.Equal(2, _runs);
        InlineSteps.Run(body.SetResult);
        await call;
        time.Fire();
        Assert.Equal(2, _runs);
        Assert.Equal(GatePhase.Started, gate.State.Phase);
    }

    [Fact]
    public async Task Scenario10_A_body_that_has_not_begun_when_the_gate_is_closed_never_does()
    {
        var gate = new StartGate(Fail, new StartGateOptions { Steps = this });
        Task call = gate.StartAsync();
        Task close = gate.CloseAsync();
        Assert.False(close.IsCompleted);
        InlineSteps.Run(_queued.Dequeue().Execute);
        await close.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(call.IsCanceled);
        Assert.Equal(0, _runs);
    }

    [Fact]
    public void A_context_is_kept_out_until_the_outermost_of_nested_ones_is_disposed()
    {
        using (Detached.Begin())
        {
            Assert.True(ExecutionContext.IsFlowSuppressed());
            using (Detached.Begin())
                Assert.True(ExecutionContext.IsFlowSuppressed());
            Assert.True(ExecutionContext.IsFlowSuppressed());
        }
        Assert.False(ExecutionContext.IsFlowSuppressed());
    }

    private Task Fail(CancellationToken token)
    {
        _runs++;
        throw new IOException("busy");
    }

    /// <summary>A clock with one timer, which fires when the test says so and not when it is due.</summary>
    private sealed class EarlyTime : TimeProvider, ITimer
    {
        private Action _fire = static () => { };

        public long Timestamp { get; set; }

        public TimeSpan Armed { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Timestamp;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _fire = () => callback(state);
            return this;
        }

        public void Fire() => InlineSteps.Run(_fire);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Armed = dueTime;
            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
