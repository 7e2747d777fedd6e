using System.Net;

namespace CcBt.Core.Tests.Session;

/// <summary>Sessions that come back, and sessions that are removed.</summary>
public sealed class RestoreTests
{
    [Fact]
    public async Task A_paused_session_comes_back_paused_and_goes_on_when_started()
    {
        await using var swarm = new LoopbackSwarm(1_000_000);
        Torrent torrent = await swarm.CreateTorrentAsync();
        (_, IPEndPoint seeder) = await swarm.SeedAsync(torrent);
        string state = swarm.FolderFor("state");
        TorrentClient first = await swarm.OpenClientAsync(o => o with { StateDirectory = state });
        TorrentSession session = await first.AddAsync(torrent, new AddTorrentOptions { SaveDirectory = swarm.FolderFor("leech"), Trackers = ["http://127.66.0.98:9/announce"] });
        await session.StartAsync().WaitAsync(LoopbackSwarm.Patience);
        await session.PauseAsync();
        await first.DisposeAsync();

        TorrentClient second = await swarm.OpenClientAsync(o => o with { StateDirectory = state });
        TorrentSession restored = Assert.Single(second.Sessions);
        Assert.Equal(0, restored.StartCounters.Begun);
        await restored.PauseAsync();
        Assert.Equal(SessionState.Paused, restored.Status.State);
        restored.AddPeers([seeder]);
        await restored.StartAsync().WaitAsync(LoopbackSwarm.Patience);
        await restored.WaitForCompletionAsync().WaitAsync(LoopbackSwarm.Patience);
        Assert.True(swarm.IsEqual(swarm.FolderFor("leech")));
        Assert.Equal(1, restored.StartCounters.Begun);
        Assert.Equal("http://127.66.0.98:9/announce", Assert.Single(restored.Torrent!.Trackers).Single());
    }

    [Fact]
    public async Task A_download_that_is_cut_off_fetches_little_again()
    {
        const int bytes = 4_000_000, inFlight = 1 << 20;
        await using var swarm = new LoopbackSwarm(bytes);
        Torrent torrent = await swarm.CreateTorrentAsync();
        (_, IPEndPoint seeder) = await swarm.SeedAsync(torrent);
        string state = swarm.FolderFor("state");
        TorrentClient first = await swarm.OpenClientAsync(o => o with { StateDirectory = state, DownloadBytesPerSecond = 4 << 20 });
        TorrentSession session = await first.AddAsync(torrent, new AddTorrentOptions { SaveDirectory = swarm.FolderFor("leech"), Peers = [seeder] });
        await session.StartAsync().WaitAsync(LoopbackSwarm.Patience);
        await foreach (SessionStatus status in session.WatchAsync())
        {
            if (status.VerifiedBytes > 500_000)
                break;
        }
        await first.DisposeAsync();
        long before = session.Status.DownloadedBytes;

        TorrentClient second = await swarm.OpenClientAsync(o => o with { StateDirectory = state });
        TorrentSession restored = Assert.Single(second.Sessions);
        restored.AddPeers([seeder]);
        await restored.WaitForCompletionAsync().WaitAsync(LoopbackSwarm.Patience);
        Assert.True(swarm.IsEqual(swarm.FolderFor("leech")));
        Assert.InRange(before, 500_000, bytes);
        Assert.InRange(restored.Status.DownloadedBytes, bytes, bytes + inFlight);
    }

    [Fact]
    public async Task Without_restoring_the_states_stay_untouched_and_an_added_torrent_goes_on_from_its_own()
    {
        await using var swarm = new LoopbackSwarm(300_000);
        Torrent torrent = await swarm.CreateTorrentAsync();
        var other = new MagnetLink(InfoHash.Parse(new string('b', 40)));
        string state = swarm.FolderFor("state");
        TorrentClient first = await swarm.OpenClientAsync(o => o with { StateDirectory = state });
        TorrentSession seeding = await first.AddAsync(torrent, new AddTorrentOptions { SaveDirectory = swarm.SeedFolder });
        await seeding.StartAsync().WaitAsync(LoopbackSwarm.Patience);
        TorrentSession kept = await first.AddAsync(other, new AddTorrentOptions { SaveDirectory = swarm.FolderFor("other"), MaxConnections = 3 });
        await kept.PauseAsync();
        await first.DisposeAsync();
        string[] files = Directory.GetFiles(state, $"{other.SwarmHash}*", SearchOption.AllDirectories);
        byte[][] before = [.. files.Select(File.ReadAllBytes)];

        TorrentClient second = await swarm.OpenClientAsync(o => o with { StateDirectory = state, RestoreSessions = false });
        Assert.Empty(second.Sessions);
        TorrentSession again = await second.AddAsync(new MagnetLink(torrent.SwarmHash), new AddTorrentOptions { SaveDirectory = swarm.SeedFolder });
        Assert.NotNull(again.Torrent);
        await again.StartAsync().WaitAsync(LoopbackSwarm.Patience);
        Assert.Equal(0, again.Status.CheckProgress);
        await second.DisposeAsync();
        Assert.NotEmpty(files);
        Assert.Equal(before, files.Select(File.ReadAllBytes));

        TorrentClient third = await swarm.OpenClientAsync(o => o with { StateDirectory = state });
        Assert.Equal(2, third.Sessions.Count);
        TorrentSession paused = third.Sessions.Single(s => s.InfoHash == other.SwarmHash);
        await paused.PauseAsync();
        Assert.Equal(SessionState.Paused, paused.Status.State);
        Assert.Equal(0, paused.StartCounters.Begun);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Removing_forgets_the_session_and_deletes_files_only_when_asked(bool deletes, bool wasStarted)
    {
        await using var swarm = new LoopbackSwarm(100_000);
        Torrent torrent = await swarm.CreateTorrentAsync();
        string state = swarm.FolderFor("state");
        TorrentClient client = await swarm.OpenClientAsync(o => o with { StateDirectory = state });
        TorrentSession session = await client.AddAsync(torrent, new AddTorrentOptions { SaveDirectory = swarm.SeedFolder });
        if (wasStarted)
            await session.StartAsync().WaitAsync(LoopbackSwarm.Patience);

        await session.RemoveAsync(deletes);
        Assert.Empty(client.Sessions);
        Assert.Equal(!deletes, File.Exists(swarm.PayloadPath));
        await client.DisposeAsync();
        TorrentClient second = await swarm.OpenClientAsync(o => o with { StateDirectory = state });
        Assert.Empty(second.Sessions);
        Assert.Empty(Directory.EnumerateFiles(state, $"{torrent.SwarmHash}*", SearchOption.AllDirectories));
    }
}
