using System.Net;

namespace CcBt.Core.Tests.Session;

/// <summary>What a client remembers between runs.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task A_download_goes_on_after_a_restart_from_what_was_saved()
    {
        await using var swarm = new LoopbackSwarm(4_000_000);
        Torrent torrent = await swarm.CreateTorrentAsync();
        (_, IPEndPoint seeder) = await swarm.SeedAsync(torrent);
        string state = swarm.FolderFor("state");
        TorrentClient first = await swarm.OpenClientAsync(o => o with { StateDirectory = state });
        TorrentSession session = await first.AddAsync(torrent, new AddTorrentOptions { SaveDirectory = swarm.FolderFor("leech"), Peers = [seeder] });
        await session.StartAsync().WaitAsync(LoopbackSwarm.Patience);
        await session.WaitForCompletionAsync().WaitAsync(LoopbackSwarm.Patience);
        await first.DisposeAsync();

        TorrentClient second = await swarm.OpenClientAsync(o => o with { StateDirectory = state });
        TorrentSession restored = Assert.Single(second.Sessions);
        await restored.WaitForCompletionAsync().WaitAsync(LoopbackSwarm.Patience);

        Assert.Equal(torrent.SwarmHash, restored.InfoHash);
        Assert.Equal(torrent.Name, restored.Torrent!.Name);
        Assert.Equal(0, restored.Status.CheckProgress);
        Assert.Equal(4_000_000, restored.Status.VerifiedBytes);
    }
}
