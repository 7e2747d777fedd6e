using CcBt.Core.Addressing;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

public sealed class PeerStoreTests
{
    private static readonly TimeSpan s_start = TimeSpan.FromMinutes(1);
    private readonly Random _random = new(41);

    private static List<PeerAddress> Peers(PeerStore store, NodeId torrent, TimeSpan now)
    {
        var peers = new List<PeerAddress>();
        StoredSwarm? swarm = store.Find(torrent, now);
        for (int i = 0; i < (swarm?.Count ?? 0); i++)
        {
            Assert.True(CompactAddresses.TryRead(swarm!.Compact(i), out PeerAddress peer));
            peers.Add(peer);
        }
        return peers;
    }

    [Fact]
    public void A_peer_lives_for_half_an_hour_from_its_last_announce()
    {
        var store = new PeerStore(false, new DhtNodeOptions());
        NodeId torrent = NodeId.Random(_random);
        PeerAddress once = NodeProbe.Global(1), again = NodeProbe.Global(2);
        store.Add(torrent, once, s_start);
        store.Add(torrent, again, s_start);
        store.Add(torrent, again, s_start + TimeSpan.FromMinutes(20));
        Assert.Equal([once, again], Peers(store, torrent, s_start + TimeSpan.FromMinutes(29)));
        Assert.Equal([again], Peers(store, torrent, s_start + TimeSpan.FromMinutes(31)));
        Assert.Equal(1, store.TorrentCount);
        store.Sweep(s_start + TimeSpan.FromMinutes(51));
        Assert.Equal(0, store.TorrentCount);
    }

    [Fact]
    public void A_full_store_stays_within_its_bounds_and_32_MiB()
    {
        var store = new PeerStore(true, new DhtNodeOptions());
        Span<byte> address = stackalloc byte[16];
        address[0] = 0x20;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int torrent = 0; torrent < Limits.DhtStoredTorrents + 10; torrent++)
        {
            NodeId infoHash = NodeId.Random(_random);
            int peers = torrent < 5 ? Limits.DhtStoredPeers + 50 : 2;
            for (int i = 0; i < peers; i++)
            {
                address[5] = (byte)(i >> 8);
                address[6] = (byte)i;
                store.Add(infoHash, PeerAddress.FromBytes(address, 6881), s_start);
            }
        }
        Assert.Equal(Limits.DhtStoredTorrents, store.TorrentCount);
        Assert.Equal(5 * Limits.DhtStoredPeers + (Limits.DhtStoredTorrents - 5) * 2, store.PeerCount);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 8 << 20);
    }

    [Fact]
    public void The_full_stores_of_both_families_take_less_than_32_MiB()
    {
        const int torrents = 50, aroundEach = 200;
        long bytes = 0;
        Span<byte> address = stackalloc byte[16];
        address[0] = 0x20;
        foreach (bool isV6 in new[] { false, true })
        {
            var store = new PeerStore(isV6, new DhtNodeOptions());
            for (int torrent = 0; torrent < torrents; torrent++)
            {
                NodeId infoHash = NodeId.Random(_random);
                for (int i = 0; i < Limits.DhtStoredPeers + 20; i++)
                {
                    address[5] = (byte)(i >> 8);
                    address[6] = (byte)i;
                    store.Add(infoHash, isV6 ? PeerAddress.FromBytes(address, 6881) : NodeProbe.Global(i), s_start);
                }
            }
            Assert.Equal(torrents * Limits.DhtStoredPeers, store.PeerCount);
            bytes += (store.Bytes + torrents * aroundEach) * (Limits.DhtStoredTorrents / torrents);
        }
        Assert.InRange(bytes, 16 << 20, 32 << 20);
    }

    [Fact]
    public void Options_lower_the_bounds_and_the_oldest_peer_gives_way()
    {
        var store = new PeerStore(false, new DhtNodeOptions { MaxStoredTorrents = 2, MaxStoredPeersPerTorrent = 3 });
        NodeId[] torrents = [NodeId.Random(_random), NodeId.Random(_random), NodeId.Random(_random)];
        for (int i = 0; i < 5; i++)
            store.Add(torrents[0], NodeProbe.Global(i), s_start);
        Assert.Equal([NodeProbe.Global(2), NodeProbe.Global(3), NodeProbe.Global(4)], Peers(store, torrents[0], s_start));
        store.Add(torrents[1], NodeProbe.Global(1), s_start);
        store.Add(torrents[2], NodeProbe.Global(1), s_start);
        Assert.Empty(Peers(store, torrents[1], s_start));
        Assert.Single(Peers(store, torrents[2], s_start));
    }

    [Fact]
    public void One_global_address_holds_few_ports_and_a_local_one_many()
    {
        var store = new PeerStore(false, new DhtNodeOptions());
        NodeId torrent = NodeId.Random(_random), other = NodeId.Random(_random);
        for (int port = 1; port <= 100; port++)
        {
            store.Add(torrent, NodeProbe.Global(1, (ushort)port), s_start);
            store.Add(other, PeerAddress.FromV4(0x7F000001, (ushort)port), s_start);
        }
        Assert.Equal(Enumerable.Range(93, 8), Peers(store, torrent, s_start).Select(peer => (int)peer.Port));
        Assert.Equal(100, Peers(store, other, s_start).Count);
    }

    [Fact]
    public void Peers_of_the_other_family_are_not_stored()
    {
        var store = new PeerStore(true, new DhtNodeOptions());
        store.Add(NodeId.Random(_random), NodeProbe.Global(1), s_start);
        Assert.Equal(0, store.TorrentCount);
    }

    [Fact]
    public void A_torrent_whose_peers_are_gone_is_as_unknown_as_any_other()
    {
        var store = new PeerStore(false, new DhtNodeOptions());
        NodeId torrent = NodeId.Random(_random);
        store.Add(torrent, NodeProbe.Global(1), s_start);
        Assert.NotNull(store.Find(torrent, s_start + TimeSpan.FromMinutes(29)));
        Assert.Null(store.Find(torrent, s_start + TimeSpan.FromMinutes(31)));
        Assert.Null(store.Find(NodeId.Random(_random), s_start));
    }
}
