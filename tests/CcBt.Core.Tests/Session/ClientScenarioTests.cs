using System.Diagnostics;

namespace CcBt.Core.Tests.Session;

/// <summary>Starts through the public client, on loopback sockets.</summary>
public sealed class ClientScenarioTests
{
    [Fact]
    public async Task Scenario19_Everything_returns_under_a_synchronization_context_that_never_runs()
    {
        await using var swarm = new LoopbackSwarm(40_000);
        Torrent torrent = await swarm.CreateTorrentAsync();
        var blocked = new Thread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(new DeafSynchronizationContext());
            TorrentClient client = swarm.OpenClientAsync().GetAwaiter().GetResult();
            TorrentSession session = client.AddAsync(torrent, new AddTorrentOptions { SaveDirectory = swarm.SeedFolder }).GetAwaiter().GetResult();
            session.StartAsync().GetAwaiter().GetResult();
            session.WaitForCompletionAsync().GetAwaiter().GetResult();
            session.PauseAsync().GetAwaiter().GetResult();
            session.DisposeAsync().AsTask().GetAwaiter().GetResult();
            client.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }) { IsBackground = true };
        blocked.Start();
        Assert.True(await Task.Run(() => blocked.Join(LoopbackSwarm.Patience)));
    }

    [Fact]
    public async Task Scenario20_Nothing_of_the_callers_context_reaches_the_loops()
    {
        using var listener = new ActivityListener { ShouldListenTo = s => s.Name == "CcBt.Core", Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(listener);
        await using var swarm = new LoopbackSwarm(40_000);
        Torrent torrent = await swarm.CreateTorrentAsync();
        using var ambient = new AmbientWatch();
        using Activity caller = new Activity("caller").Start();
        ambient.Set("the caller's");
        await using TorrentClient client = await swarm.OpenClientAsync(log: ambient);
        TorrentSession session = await client.AddAsync(torrent, new AddTorrentOptions { SaveDirectory = swarm.SeedFolder });
        var seen = new TaskCompletionSource<string?>();
        session.PeersDiscovered += (_, _) => seen.TrySetResult(ambient.Current);
        ambient.Arm();

        await session.StartAsync().WaitAsync(LoopbackSwarm.Patience);
        Assert.Same(caller, Activity.Current);
        session.AddPeers([new(System.Net.IPAddress.Parse("127.66.0.99"), 9)]);
        await session.WaitForCompletionAsync().WaitAsync(LoopbackSwarm.Patience);

        Assert.Null(await seen.Task.WaitAsync(LoopbackSwarm.Patience));
        Assert.Empty(ambient.Leaks);
    }

    [Fact]
    public async Task Scenario29_The_same_torrent_added_at_once_is_one_session_and_clear_errors()
    {
        await using var swarm = new LoopbackSwarm(40_000);
        Torrent torrent = await swarm.CreateTorrentAsync();
        await using TorrentClient client = await swarm.OpenClientAsync(o => o with { StateDirectory = swarm.FolderFor("state") });
        var options = new AddTorrentOptions { SaveDirectory = swarm.SeedFolder };
        Task<TorrentSession>[] adds = [.. Enumerable.Range(0, 8).Select(i => Task.Run(() => i % 2 == 0
            ? client.AddAsync(torrent, options)
            : client.AddAsync(new MagnetLink(torrent.SwarmHash), options)))];
        await Task.WhenAll(adds).ContinueWith(_ => { }, TaskScheduler.Default);

        TorrentSession session = await Assert.Single(adds, a => a.IsCompletedSuccessfully);
        Assert.All(adds.Where(a => a.IsFaulted), a => Assert.IsType<DuplicateTorrentException>(a.Exception!.InnerException));
        Assert.Same(session, Assert.Single(client.Sessions));

        // One that is being closed is no duplicate: the new one waits for its end.
        ValueTask closing = session.DisposeAsync();
        TorrentSession again = await client.AddAsync(torrent, options);
        await closing;
        Assert.NotSame(session, again);
        await again.StartAsync().WaitAsync(LoopbackSwarm.Patience);
    }

    [Fact]
    public async Task Scenario30_The_user_reads_what_became_of_each_start()
    {
        await using var swarm = new LoopbackSwarm(40_000);
        Torrent torrent = await swarm.CreateTorrentAsync();
        await using TorrentClient client = await swarm.OpenClientAsync();
        TorrentSession session = await client.AddAsync(torrent, new AddTorrentOptions { SaveDirectory = swarm.SeedFolder });
        Assert.Equal(new StartCounters(0, 0, 0, 0, 0), session.StartCounters);
        await Task.WhenAll(session.StartAsync(), session.StartAsync(), session.StartAsync());
        Assert.Equal(new StartCounters(1, 2, 0, 0, 0), session.StartCounters with { Joined = 2 });
        Assert.InRange(session.StartCounters.Joined, 0, 2);

        TorrentSession magnet = await client.AddAsync(new MagnetLink(new InfoHash(new byte[20])), new AddTorrentOptions { SaveDirectory = swarm.FolderFor("m") });
        Task waiting = magnet.StartAsync();
        await magnet.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(new StartCounters(1, 0, 0, 0, 1), magnet.StartCounters);
    }
}
