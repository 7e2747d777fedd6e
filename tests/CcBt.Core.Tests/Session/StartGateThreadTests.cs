using System.Diagnostics;
using CcBt.Core.Session;

namespace CcBt.Core.Tests.Session;

/// <summary>Real threads and the real pool: scenarios 1, 2, 19, 20, 21.</summary>
public sealed class StartGateThreadTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void Scenario01_ConcurrentDiscoveriesStartOnce()
    {
        const int threads = 64, rounds = 1_000;
        StartGate gate = null!;
        int runs = 0, begun = 0;
        var waits = new Task[threads];
        var wrong = new List<string>();
        using var barrier = new Barrier(threads, _ =>
        {
            if (gate is not null) Check();
            gate = new StartGate(Body, new StartGateOptions());
            runs = begun = 0;
        });

        async Task Body(CancellationToken token)
        {
            Interlocked.Increment(ref runs);
            await Task.Yield();
        }

        void Check()
        {
            if (!Task.WaitAll(waits, s_patience)) wrong.Add("a waiter hangs");
            if (runs != 1 || begun > 1 || gate.Counters is not { Begun: 1, Failed: 0 }) wrong.Add($"{runs} runs, {begun} knocks begun, {gate.Counters}");
        }

        void Discover(int thread)
        {
            for (int round = 0; round <= rounds; round++)
            {
                if (!barrier.SignalAndWait(s_patience)) return;
                if (round == rounds) return;
                bool knocks = (thread + round) % 2 == 0;
                if (knocks && gate.Knock(KnockSource.Dht) == KnockResult.Begun) Interlocked.Increment(ref begun);
                waits[thread] = gate.StartAsync();
            }
        }

        RunThreads(threads, Discover);
        Assert.Empty(wrong);
    }

    [Fact]
    public void Scenario01_A_thousand_fresh_threads_start_once()
    {
        for (int round = 0; round < 10; round++)
        {
            int runs = 0, begun = 0;
            var gate = new StartGate(
                async _ =>
                {
                    Interlocked.Increment(ref runs);
                    await Task.Yield();
                },
                new StartGateOptions());
            RunThreads(1_000, _ =>
            {
                if (gate.Knock(KnockSource.Dht) == KnockResult.Begun) Interlocked.Increment(ref begun);
            });
            Assert.True(gate.StartAsync().Wait(s_patience));
            Assert.Equal((1, 1), (runs, begun));
        }
    }

    [Fact]
    public void Scenario02_No_peer_of_a_discovery_that_lost_the_race_is_lost()
    {
        const int threads = 16, each = 50;
        var pool = new System.Collections.Concurrent.ConcurrentDictionary<int, byte>();
        var inUse = new System.Collections.Concurrent.ConcurrentDictionary<int, byte>();
        var gate = new StartGate(_ => Task.CompletedTask, new StartGateOptions());
        RunThreads(threads, thread =>
        {
            for (int i = 0; i < each; i++)
            {
                pool.TryAdd((thread * each) + i, 0); // Into the pool first, then the knock.
                if (gate.Knock(KnockSource.Tracker) == KnockResult.AlreadyStarted) inUse.TryAdd((thread * each) + i, 0);
            }
        });
        Assert.True(gate.StartAsync().Wait(s_patience));
        foreach (int peer in pool.Keys) inUse.TryAdd(peer, 0); // What the swarm takes over when it starts.
        Assert.Equal(threads * each, inUse.Count);
        Assert.Equal(1, gate.Counters.Begun);
    }

    [Fact]
    public void Scenario19_A_blocking_wait_under_a_single_threaded_context_returns()
    {
        bool returned = false;
        RunThreads(1, _ =>
        {
            SynchronizationContext.SetSynchronizationContext(new DeafSynchronizationContext());
            var gate = new StartGate(
                async token =>
                {
                    Assert.Null(SynchronizationContext.Current);
                    await Task.Yield();
                },
                new StartGateOptions());
#pragma warning disable VSTHRD002 // To block is the point.
            gate.StartAsync().GetAwaiter().GetResult();
            gate.CloseAsync().GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
            returned = true;
        });
        Assert.True(returned);
    }

    [Fact]
    public async Task Scenario20_Nothing_of_the_first_callers_context_reaches_the_body()
    {
        var local = new AsyncLocal<string?> { Value = "the caller's" };
        using var activity = new Activity("caller");
        activity.Start();
        string? seen = "not run";
        Activity? seenActivity = activity;
        string? seenInRetry = "not run";
        int runs = 0;
        var time = new Time.ManualTimeProvider();
        var retried = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new StartGate(
            _ =>
            {
                if (++runs == 1)
                {
                    seen = local.Value;
                    seenActivity = Activity.Current;
                    throw new IOException();
                }

                seenInRetry = local.Value;
                retried.SetResult();
                return Task.CompletedTask;
            },
            new StartGateOptions { TimeProvider = time });
        await Assert.ThrowsAsync<IOException>(() => gate.StartAsync().WaitAsync(s_patience));
        Assert.Null(seen);
        Assert.Null(seenActivity);

        local.Value = "whoever moves the clock";
        time.Advance(TimeSpan.FromSeconds(1));
        await retried.Task.WaitAsync(s_patience);
        Assert.Null(seenInRetry);
        Assert.Equal("whoever moves the clock", local.Value);
    }

    [Fact]
    public async Task Scenario21_A_discovering_thread_that_blocks_does_not_hold_up_the_start()
    {
        using var unblock = new ManualResetEventSlim();
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new StartGate(
            _ =>
            {
                ran.SetResult();
                return Task.CompletedTask;
            },
            new StartGateOptions());
        Task blocked = Task.Run(() =>
        {
            gate.Knock(KnockSource.Dht);
            Assert.True(unblock.Wait(s_patience));
        });
        await ran.Task.WaitAsync(s_patience);
        await gate.StartAsync().WaitAsync(s_patience);
        Assert.False(blocked.IsCompleted);
        unblock.Set();
        await blocked;
    }

    private static void RunThreads(int count, Action<int> body)
    {
        var errors = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        var threads = new Thread[count];
        for (int i = 0; i < count; i++)
        {
            int index = i;
            threads[i] = new Thread(() =>
            {
                try
                {
                    body(index);
                }
                catch (Exception error)
                {
                    errors.Enqueue(error);
                }
            }, maxStackSize: 256 * 1024) { IsBackground = true };
        }

        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) Assert.True(thread.Join(s_patience), "a thread hangs");
        Assert.Empty(errors);
    }
}
