using CcBt.Core.Addressing;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

public sealed class DhtNodeTests
{
    private static readonly InfoHash s_torrent = InfoHash.Parse("0123456789abcdef0123456789abcdef01234567");

    private static PeerAddress Loopback(int last) => PeerAddress.FromV4(0x7F000000 + (uint)last, 6881);

    [Fact]
    public void Two_nodes_announce_and_find_a_peer()
    {
        var network = new VirtualNetwork(1);
        VirtualHost seeder = network.Add(Loopback(1)), finder = network.Add(Loopback(2));
        network.Do(seeder, node => node.AddNode(finder.Address, network.Now));
        int announce = network.Do(seeder, node => node.FindPeers(s_torrent, 7000, network.Now));
        Assert.True(network.RunUntil(() => seeder.EndOf(announce) is not null, TimeSpan.FromSeconds(2)));
        Assert.Equal(1, seeder.EndOf(announce)!.AnnouncedTo);
        network.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(1, finder.Node.StoredPeerCount);

        VirtualHost third = network.Add(Loopback(3));
        int lookup = network.Do(third, node => node.FindPeers(s_torrent, 0, network.Now));
        network.Do(third, node => node.AddRouter(finder.Address, network.Now));
        Assert.True(network.RunUntil(() => third.PeersOf(lookup).Any(), TimeSpan.FromSeconds(1)));
        Assert.Equal([seeder.Address.WithPort(7000)], third.PeersOf(lookup));
    }

    [Fact]
    public void The_first_lookup_needs_one_round_trip_to_the_first_node()
    {
        var network = new VirtualNetwork(2) { LeastLatency = TimeSpan.FromMilliseconds(20), MostLatency = TimeSpan.FromMilliseconds(20) };
        VirtualHost seeder = network.Add(Loopback(1)), store = network.Add(Loopback(2)), finder = network.Add(Loopback(3));
        network.Do(seeder, node => node.AddNode(store.Address, network.Now));
        network.Do(seeder, node => node.FindPeers(s_torrent, 7000, network.Now));
        network.Run(TimeSpan.FromSeconds(1));
        int lookup = network.Do(finder, node => node.FindPeers(s_torrent, 0, network.Now));
        network.Run(TimeSpan.FromMinutes(3));
        Assert.Null(finder.EndOf(lookup));
        network.Do(finder, node => node.AddNode(store.Address, network.Now));
        Assert.True(network.RunUntil(() => finder.PeersOf(lookup).Any(), TimeSpan.FromMilliseconds(41)));
    }

    [Fact]
    public void Without_anybody_to_ask_a_lookup_is_tried_again_after_a_second()
    {
        var node = new DhtNode(new DhtNodeOptions(), null, new Random(9), isV6: false);
        node.FindPeers(s_torrent, 0, TimeSpan.FromSeconds(100));
        Assert.Equal(TimeSpan.FromSeconds(101), node.NextDeadline);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(Limits.DhtTokenBytes, true)]
    [InlineData(Limits.DhtTokenBytes + 1, false)]
    public void A_token_is_used_when_its_length_is_within_bounds(int length, bool isUsed)
    {
        var probe = new NodeProbe(new DhtNode(new DhtNodeOptions(), null, new Random(9), isV6: false));
        probe.Node.AddNode(Loopback(1), probe.Now);
        probe.Node.FindPeers(s_torrent, 7000, probe.Now);
        for (int i = 0; i < 5; i++)
            probe.AnswerAll(_ => NodeProbe.Id, values => values.Key("token"u8).String(new byte[length]));
        DhtLookupEnded ended = Assert.Single(probe.Events().OfType<DhtLookupEnded>());
        Assert.Equal(isUsed ? 1 : 0, ended.AnnouncedTo);
    }

    [Fact]
    public void Addresses_that_can_not_be_nodes_are_not_asked()
    {
        var node = new DhtNode(new DhtNodeOptions(), null, new Random(9), isV6: false);
        foreach (PeerAddress wrong in new[] { NodeProbe.Global(1).WithPort(0), PeerAddress.FromV4(0xE0000001, 5), PeerAddress.FromBytes([0x26, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 5) })
        {
            node.AddRouter(wrong, TimeSpan.Zero);
            node.AddNode(wrong, TimeSpan.Zero);
        }
        Assert.False(node.TryTakeDatagram(out _));
        node.AddRouter(NodeProbe.Global(1), TimeSpan.Zero);
        Assert.True(node.TryTakeDatagram(out DhtDatagram asked));
        Assert.Equal(NodeProbe.Global(1), asked.To);
    }

    [Fact]
    public void Datagrams_from_where_no_node_can_be_are_not_answered()
    {
        var probe = new NodeProbe(new DhtNode(new DhtNodeOptions(), null, new Random(9), isV6: false));
        byte[] ping = KrpcSamples.Query(NodeProbe.Id, "ping", "aa"u8);
        foreach (PeerAddress wrong in new[] { NodeProbe.Global(1).WithPort(0), PeerAddress.FromV4(0xE0000001, 5), PeerAddress.FromBytes([0x26, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 5) })
        {
            probe.Node.Receive(wrong, ping, probe.Now);
            Assert.Empty(probe.Sent());
        }
        Assert.True(probe.Ask(NodeProbe.Global(1), ping).Exists);
    }

    [Fact]
    public void An_answer_under_our_own_id_is_of_no_use_to_a_lookup()
    {
        var probe = new NodeProbe(new DhtNode(new DhtNodeOptions(), null, new Random(9), isV6: false));
        probe.Node.AddNode(Loopback(1), probe.Now);
        probe.Node.FindPeers(s_torrent, 7000, probe.Now);
        Assert.NotEqual(0, probe.AnswerAll(_ => probe.Node.NodeId, values => values.Key("token"u8).String("aoeusnth"u8)));
        Assert.Empty(probe.Events());
        Assert.Empty(probe.Sent());
    }

    [Fact]
    public void A_lookup_that_finds_nothing_says_so()
    {
        var network = new VirtualNetwork(3);
        VirtualHost one = network.Add(Loopback(1)), two = network.Add(Loopback(2));
        network.Do(one, node => node.AddNode(two.Address, network.Now));
        int lookup = network.Do(one, node => node.FindPeers(s_torrent, 0, network.Now));
        Assert.True(network.RunUntil(() => one.EndOf(lookup) is not null, TimeSpan.FromSeconds(2)));
        Assert.Equal(0, one.EndOf(lookup)!.Peers);
        Assert.Equal(1, one.EndOf(lookup)!.Answers);
        Assert.Equal(0, one.EndOf(lookup)!.AnnouncedTo);
        network.Run(TimeSpan.FromSeconds(2));
        Assert.Single(one.Events.OfType<DhtBootstrapped>());
        Assert.Equal(1, one.Node.NodeCount);
        Assert.Equal(1, two.Node.NodeCount);
    }

    [Fact]
    public void Two_nodes_of_which_one_is_the_others_router_find_each_other()
    {
        var network = new VirtualNetwork(4);
        VirtualHost router = network.Add(Loopback(1)), client = network.Add(Loopback(2));
        int announce = network.Do(client, node => node.FindPeers(s_torrent, 7000, network.Now));
        network.Do(client, node => node.AddRouter(router.Address, network.Now));
        Assert.True(network.RunUntil(() => client.EndOf(announce) is not null, TimeSpan.FromSeconds(2)));
        Assert.Equal(1, client.EndOf(announce)!.AnnouncedTo);
        int lookup = network.Do(router, node => node.FindPeers(s_torrent, 7001, network.Now));
        Assert.True(network.RunUntil(() => router.EndOf(lookup) is not null, TimeSpan.FromSeconds(2)));
        Assert.Equal(1, router.Node.StoredPeerCount);
        network.Run(TimeSpan.FromMinutes(10));
        Assert.Single(client.Events.OfType<DhtBootstrapped>());
        int again = network.Do(client, node => node.FindPeers(s_torrent, 7000, network.Now));
        Assert.True(network.RunUntil(() => client.EndOf(again) is not null, TimeSpan.FromSeconds(2)));
        Assert.Contains(client.Address.WithPort(7000), client.PeersOf(again));
    }
}
