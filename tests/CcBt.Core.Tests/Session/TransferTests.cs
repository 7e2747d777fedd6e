using System.Net;

namespace CcBt.Core.Tests.Session;

/// <summary>Whole clients against each other over loopback sockets and real files.</summary>
public sealed class TransferTests
{
    [Theory]
    [InlineData(1, 16 << 10)]
    [InlineData(3_000_000, 16 << 10)]
    [InlineData(9_000_001, 1 << 20)]
    [InlineData(20_000_000, 8 << 20)]
    public async Task A_known_torrent_is_downloaded_from_a_known_peer(int bytes, int pieceLength)
    {
        await using var swarm = new LoopbackSwarm(bytes, pieceLength);
        Torrent torrent = await swarm.CreateTorrentAsync();
        (_, IPEndPoint seeder) = await swarm.SeedAsync(torrent);
        TorrentClient client = await swarm.OpenClientAsync();
        TorrentSession session = await client.AddAsync(torrent, new AddTorrentOptions { SaveDirectory = swarm.FolderFor("leech"), Peers = [seeder] });

        await session.StartAsync().WaitAsync(LoopbackSwarm.Patience);
        await session.WaitForCompletionAsync().WaitAsync(LoopbackSwarm.Patience);

        Assert.True(swarm.IsEqual(swarm.FolderFor("leech")));
        Assert.Equal(1, session.StartCounters.Begun);
        Assert.Equal(SessionState.Seeding, session.Status.State);
        Assert.Equal(bytes, session.Status.VerifiedBytes);
    }

    [Fact]
    public async Task A_magnet_link_is_downloaded_from_a_known_peer()
    {
        await using var swarm = new LoopbackSwarm(3_000_000);
        Torrent torrent = await swarm.CreateTorrentAsync();
        (_, IPEndPoint seeder) = await swarm.SeedAsync(torrent);
        TorrentClient client = await swarm.OpenClientAsync();
        TorrentSession session = await client.AddAsync(new MagnetLink(torrent.SwarmHash),
            new AddTorrentOptions { SaveDirectory = swarm.FolderFor("leech"), Peers = [seeder], Start = StartMode.WhenPeersFound });

        await session.WaitForCompletionAsync().WaitAsync(LoopbackSwarm.Patience);

        Assert.True(swarm.IsEqual(swarm.FolderFor("leech")));
        Assert.Equal(torrent.Name, session.Torrent!.Name);
        Assert.Equal(1, session.StartCounters.Begun);
    }

    [Fact]
    public async Task A_magnet_link_is_downloaded_over_a_private_dht()
    {
        await using var swarm = new LoopbackSwarm(3_000_000);
        Torrent torrent = await swarm.CreateTorrentAsync();
        TorrentClient node = await swarm.OpenClientAsync(o => o with { EnableDht = true });
        string router = node.ListenEndPoints[0].ToString();
        TorrentClient other = await swarm.OpenClientAsync(o => o with { EnableDht = true, DhtRouters = [router] });
        (TorrentSession seeding, _) = await swarm.SeedAsync(torrent, o => o with { EnableDht = true, DhtRouters = [router] });
        TorrentClient client = await swarm.OpenClientAsync(o => o with { EnableDht = true, DhtRouters = [router] });
        TorrentSession session = await client.AddAsync(new MagnetLink(torrent.SwarmHash),
            new AddTorrentOptions { SaveDirectory = swarm.FolderFor("leech"), Start = StartMode.WhenPeersFound });
        var sources = new HashSet<PeerSource>();
        session.PeersDiscovered += (_, e) =>
        {
            lock (sources)
                sources.Add(e.Source);
        };

        await session.WaitForCompletionAsync().WaitAsync(LoopbackSwarm.Patience);

        Assert.True(swarm.IsEqual(swarm.FolderFor("leech")));
        Assert.Equal(1, session.StartCounters.Begun);
        Assert.True(other.Status.Sessions == 0 && seeding.Status.IsComplete);
    }
}
