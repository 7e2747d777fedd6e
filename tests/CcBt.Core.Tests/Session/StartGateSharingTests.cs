using CcBt.Core.Session;

namespace CcBt.Core.Tests.Session;

/// <summary>One start, shared by all who ask for it: scenarios 3, 4, 5, 22.</summary>
public sealed class StartGateSharingTests
{
    private readonly StartScript _script = new();

    private StartGate Gate => _script.Gate;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Scenario03_A_second_call_at_each_await_of_the_body_joins_the_first(int suspendedAt)
    {
        TaskCompletionSource[] awaits = [new(), new(), new(), new()];
        int runs = 0;
        var gate = new StartGate(
            async _ =>
            {
                runs++;
                foreach (TaskCompletionSource source in awaits) await source.Task;
            },
            _script.Options);

        Task first = gate.StartAsync();
        for (int i = 0; i < suspendedAt; i++) InlineSteps.Run(awaits[i].SetResult);
        Task second = gate.StartAsync();
        Assert.Same(first, second);
        Assert.False(first.IsCompleted);
        Assert.Equal(KnockResult.Joined, gate.Knock(KnockSource.Dht));

        for (int i = suspendedAt; i < awaits.Length; i++) InlineSteps.Run(awaits[i].SetResult);
        Assert.True(first.IsCompletedSuccessfully);
        Assert.Equal(1, runs);
        Assert.Equal(new StartCounters(Begun: 1, Joined: 2, Failed: 0, Retried: 0, Closed: 0), gate.Counters);
    }

    [Fact]
    public void Scenario03_A_call_from_inside_the_body_finds_the_task_published()
    {
        KnockResult? knock = null;
        StartGate? gate = null;
        gate = new StartGate(
            _ =>
            {
                knock = gate!.Knock(KnockSource.Inbound);
                return Task.CompletedTask;
            },
            _script.Options);
        Assert.True(gate.StartAsync().IsCompletedSuccessfully);
        Assert.Equal(KnockResult.Joined, knock);
    }

    [Fact]
    public void Scenario04_Late_callers_share_the_task_and_later_ones_complete_at_once()
    {
        Task first = Gate.StartAsync();
        Task late = Gate.StartAsync();
        Assert.Same(first, late);
        _script.Last.Succeed();

        Assert.True(first.IsCompletedSuccessfully);
        Assert.True(Gate.StartAsync().IsCompletedSuccessfully);
        Assert.True(Gate.StartAsync(new CancellationToken(canceled: true)).IsCompletedSuccessfully);
        Assert.Equal(KnockResult.AlreadyStarted, Gate.Knock(KnockSource.Tracker));
        Assert.Single(_script.Runs);
        Assert.Equal(["1 begun by Manual", "1 succeeded"], _script.Log.Lines);
    }

    [Fact]
    public void Scenario04_After_the_start_both_doors_allocate_nothing()
    {
        using var source = new CancellationTokenSource();
        Gate.Knock(KnockSource.Dht);
        _script.Last.Succeed();
        Use(Gate, source.Token, 10);

        long before = GC.GetAllocatedBytesForCurrentThread();
        int done = Use(Gate, source.Token, 1_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2_000, done);
    }

    [Fact]
    public void Scenario05_The_first_callers_token_ends_only_its_own_wait()
    {
        using var source = new CancellationTokenSource();
        Task first = Gate.StartAsync(source.Token);
        Task second = Gate.StartAsync();
        source.Cancel();

        Assert.True(first.IsCanceled);
        Assert.False(second.IsCompleted);
        Assert.False(_script.Last.Token.IsCancellationRequested);
        _script.Last.Succeed();
        Assert.True(second.IsCompletedSuccessfully);
        Assert.Single(_script.Runs);
    }

    [Fact]
    public void Scenario05_A_caller_that_has_given_up_beforehand_begins_nothing()
    {
        Task refused = Gate.StartAsync(new CancellationToken(canceled: true));
        Assert.True(refused.IsCanceled);
        Assert.Empty(_script.Runs);
        Assert.Equal(GatePhase.Idle, Gate.State.Phase);
    }

    [Fact]
    public void Scenario22_Every_source_passes_the_same_place()
    {
        foreach (KnockSource source in Enum.GetValues<KnockSource>())
        {
            var script = new StartScript();
            Assert.Equal(KnockResult.Begun, script.Gate.Knock(source));
            Assert.Equal([$"1 begun by {source}"], script.Log.Lines);
            foreach (KnockSource other in Enum.GetValues<KnockSource>()) Assert.Equal(KnockResult.Joined, script.Gate.Knock(other));
            Assert.Single(script.Runs);
        }
    }

    [Fact]
    public void Scenario22_Every_peer_source_is_a_knock_source_of_the_same_name()
    {
        foreach (PeerSource source in Enum.GetValues<PeerSource>()) Assert.Equal(source.ToString(), ((KnockSource)source).ToString());
    }

    private static int Use(StartGate gate, CancellationToken token, int times)
    {
        int done = 0;
        for (int i = 0; i < times; i++)
        {
            if (gate.StartAsync(token).IsCompletedSuccessfully) done++;
            if (gate.Knock(KnockSource.Dht) == KnockResult.AlreadyStarted) done++;
        }

        return done;
    }
}
