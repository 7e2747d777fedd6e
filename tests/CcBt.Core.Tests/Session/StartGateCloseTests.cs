using CcBt.Core.Session;

namespace CcBt.Core.Tests.Session;

/// <summary>Stop, dispose, and code of the start that waits for itself: scenarios 10, 13, 15, 16, 17, 26, 27.</summary>
public sealed class StartGateCloseTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly StartScript _script = new();

    private StartGate Gate => _script.Gate;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Scenario10_A_stop_at_each_await_is_awaited_and_never_becomes_started(int suspendedAt)
    {
        TaskCompletionSource[] awaits = [new(), new(), new()];
        bool released = false;
        var gate = new StartGate(
            async _ =>
            {
                try
                {
                    foreach (TaskCompletionSource source in awaits) await source.Task.ConfigureAwait(false);
                }
                finally
                {
                    released = true;
                }
            },
            _script.Options);
        Task wait = gate.StartAsync();
        for (int i = 0; i < suspendedAt; i++) InlineSteps.Run(awaits[i].SetResult);
        Task close = gate.CloseAsync();
        Assert.False(close.IsCompleted);
        Assert.False(wait.IsCompleted);
        for (int i = suspendedAt; i < awaits.Length; i++) InlineSteps.Run(awaits[i].SetResult);

        await close.WaitAsync(s_patience);
        Assert.True(released);
        Assert.True(wait.IsCanceled);
        Assert.Equal(GatePhase.Closed, gate.State.Phase);
        Assert.Equal(new StartCounters(Begun: 1, Joined: 0, Failed: 0, Retried: 0, Closed: 1), gate.Counters);
        Assert.Equal(["1 begun by Manual", "1 cancelled", "closed"], _script.Log.Lines);
    }

    [Fact]
    public async Task Scenario10_The_body_sees_its_token_and_what_it_throws_on_the_way_out_is_not_a_failure()
    {
        Task wait = Gate.StartAsync();
        Task close = Gate.CloseAsync();
        Assert.True(_script.Last.Token.IsCancellationRequested);
        _script.Last.Fail(new IOException("while closing a file"));
        await close.WaitAsync(s_patience);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        Assert.Equal(0, Gate.Counters.Failed);
        Assert.Equal(0, _script.Time.ScheduledTimers);
    }

    [Fact]
    public async Task Scenario10_A_callback_of_the_token_that_throws_harms_nobody()
    {
        Gate.Knock(KnockSource.Dht);
        using CancellationTokenRegistration registration = _script.Last.Token.Register(static () => throw new InvalidOperationException());
        Task close = Gate.CloseAsync();
        _script.Last.Succeed();
        await close.WaitAsync(s_patience);
        Assert.Equal(GatePhase.Closed, Gate.State.Phase);
    }

    [Fact]
    public async Task Scenario15_After_a_dispose_both_doors_answer_closed_and_a_second_dispose_waits_for_the_first()
    {
        Gate.Knock(KnockSource.Dht);
        Task first = Gate.CloseAsync();
        Task second = Gate.CloseAsync();
        Assert.False(second.IsCompleted);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Gate.StartAsync());
        Assert.Equal(KnockResult.Closed, Gate.Knock(KnockSource.Tracker));
        _script.Last.Succeed();
        await first.WaitAsync(s_patience);
        await second.WaitAsync(s_patience);
        await Gate.CloseAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Gate.StartAsync());
        Gate.Hold();
        Gate.Release();
        Assert.Single(_script.Log.Lines, "closed");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Scenario15_A_dispose_of_an_idle_or_started_gate_ends_at_once(bool started)
    {
        if (started)
        {
            Gate.Knock(KnockSource.Dht);
            _script.Last.Succeed();
        }

        Assert.True(Gate.CloseAsync().IsCompletedSuccessfully);
        if (started) Assert.False(_script.Last.Token.IsCancellationRequested);
        Assert.Equal(0, Gate.Counters.Closed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Gate.StartAsync());
    }

    [Fact]
    public void Scenario15_A_dispose_during_the_back_off_lets_go_of_the_timer()
    {
        Gate.Knock(KnockSource.Dht);
        _script.Last.Fail(new IOException());
        Assert.Equal(1, _script.Time.ScheduledTimers);
        Assert.True(Gate.CloseAsync().IsCompletedSuccessfully);
        Assert.Equal(0, _script.Time.ScheduledTimers);
        _script.Advance(100);
        Assert.Single(_script.Runs);
    }

    [Fact]
    public void Scenario13_26_A_knock_at_a_closed_gate_starts_nothing_in_its_successor()
    {
        Assert.True(Gate.CloseAsync().IsCompletedSuccessfully);
        var successor = new StartScript();
        foreach (KnockSource source in Enum.GetValues<KnockSource>()) Assert.Equal(KnockResult.Closed, Gate.Knock(source));
        Assert.Empty(_script.Runs);
        Assert.Empty(successor.Runs);
    }

    [Fact]
    public async Task Scenario16_Code_of_the_start_that_waits_for_the_start_gets_a_clear_answer()
    {
        StartGate? gate = null;
        Exception? answer = null;
        gate = new StartGate(
            async _ =>
            {
                await Task.Yield();
                answer = await Record.ExceptionAsync(() => gate!.StartAsync());
            },
            new StartGateOptions());
        await gate.StartAsync().WaitAsync(s_patience);
        Assert.Equal(TorrentErrorCode.WrongState, Assert.IsType<TorrentStateException>(answer).Code);
    }

    [Fact]
    public async Task Scenario16_A_handler_outside_the_start_joins_it()
    {
        var raised = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new StartGate(
            async _ =>
            {
                raised.SetResult();
                await Task.Yield();
            },
            new StartGateOptions());
        async Task Handler()
        {
            await raised.Task;
            await gate.StartAsync();
        }

        Task handler = Handler();
        await gate.StartAsync().WaitAsync(s_patience);
        await handler.WaitAsync(s_patience);
        Assert.Equal(1, gate.Counters.Begun);
    }

    [Fact]
    public async Task Scenario17_Code_of_the_start_that_stops_the_session_does_not_wait_for_itself()
    {
        StartGate? gate = null;
        gate = new StartGate(
            async token =>
            {
                await Task.Yield();
                await gate!.CloseAsync();
                await gate.CloseAsync();
                token.ThrowIfCancellationRequested();
            },
            new StartGateOptions());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gate.StartAsync().WaitAsync(s_patience));
        await gate.CloseAsync().WaitAsync(s_patience);
        Assert.Equal(new StartCounters(Begun: 1, Joined: 0, Failed: 0, Retried: 0, Closed: 1), gate.Counters);
    }

    [Fact]
    public async Task Scenario27_A_call_that_hangs_is_bounded_by_the_body_and_holds_no_caller()
    {
        var gate = new StartGate(
            token => new TaskCompletionSource().Task.WaitAsync(TimeSpan.FromSeconds(30), _script.Time, token),
            _script.Options);
        using var source = new CancellationTokenSource();
        Task patient = gate.StartAsync();
        Task impatient = gate.StartAsync(source.Token);
        source.Cancel();
        Assert.True(impatient.IsCanceled);
        Assert.Equal(KnockResult.Joined, gate.Knock(KnockSource.Dht));
        _script.Advance(30);
        await Assert.ThrowsAsync<TimeoutException>(() => patient.WaitAsync(s_patience));
        Assert.Equal(1, gate.Counters.Failed);
    }
}
