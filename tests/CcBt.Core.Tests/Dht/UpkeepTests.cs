using CcBt.Core.Addressing;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

/// <summary>What a node does by itself, and what it leaves.</summary>
public sealed class UpkeepTests
{
    private static readonly InfoHash s_torrent = InfoHash.Parse("0123456789abcdef0123456789abcdef01234567");
    private readonly Random _random = new(33);
    private readonly Dictionary<PeerAddress, NodeId> _ids = [];

    private NodeProbe Probe(bool isV6 = false) => new(new DhtNode(new DhtNodeOptions(), null, _random, isV6));

    [Fact]
    public void Of_many_routers_the_first_thirty_two_are_asked()
    {
        NodeProbe probe = Probe();
        for (int i = 0; i < Limits.DhtRouters + 5; i++)
            probe.Node.AddRouter(NodeProbe.Global(i), probe.Now);
        Assert.Equal(Enumerable.Range(0, Limits.DhtRouters).Select(i => NodeProbe.Global(i)), Silence(probe, 600).Distinct().Order());
    }

    [Fact]
    public void While_nobody_lives_a_router_is_asked_every_half_minute_whatever_else_is_known()
    {
        NodeProbe probe = Probe();
        NodeContact[] saved = [.. Enumerable.Range(0, 200).Select(i => new NodeContact(NodeId.Random(_random), NodeProbe.Global(1000 + i)))];
        probe.Node.Restore(new DhtSnapshot(probe.Node.NodeId, false, saved), probe.Now);
        probe.Node.AddRouter(NodeProbe.Global(1), probe.Now);
        Silence(probe, 1200);
        int longest = 0;
        for (int second = 0, asked = 0; second < 600; second++)
        {
            asked = Silence(probe, 0).Contains(NodeProbe.Global(1)) ? second : asked;
            longest = Math.Max(longest, second - asked);
        }
        // At each upkeep, behind the four queries that are under way. Retries alone would leave a minute.
        Assert.InRange(longest, 10, 40);
    }

    [Fact]
    public void While_nobody_lives_a_new_router_is_asked_before_what_is_saved()
    {
        NodeProbe probe = Probe();
        NodeContact[] saved = [.. Enumerable.Range(0, 200).Select(i => new NodeContact(NodeId.Random(_random), NodeProbe.Global(1000 + i)))];
        probe.Node.Restore(new DhtSnapshot(probe.Node.NodeId, false, saved), probe.Now);
        probe.Sent();
        probe.Node.AddRouter(NodeProbe.Global(1), probe.Now);
        Assert.Contains(NodeProbe.Global(1), Silence(probe, 2));
    }

    [Fact]
    public void One_living_node_is_a_network_and_nobody_is_looked_for()
    {
        NodeProbe probe = Probe();
        probe.Node.AddNode(NodeProbe.Global(1), probe.Now);
        Answer(probe, 10);
        Assert.True(probe.Node.IsBootstrapped);
        Assert.Equal(1, probe.Node.NodeCount);
        Assert.Empty(Silence(probe, 120));
    }

    [Fact]
    public void Routers_are_left_alone_by_a_lookup_that_has_nodes_to_ask()
    {
        NodeProbe probe = Probe();
        for (int i = 0; i < 20; i++)
            probe.Node.AddNode(NodeProbe.Global(i), probe.Now);
        Answer(probe, 10);
        Assert.InRange(probe.Node.NodeCount, 8, 20);
        probe.Node.FindPeers(s_torrent, 0, probe.Now);
        List<DhtDatagram> first = probe.Sent();
        Assert.NotEmpty(first);
        probe.Node.AddRouter(NodeProbe.Global(900), probe.Now);
        Assert.DoesNotContain(NodeProbe.Global(900), Silence(probe, 5));
    }

    [Fact]
    public void Both_families_are_wanted_while_the_other_has_fewer_than_a_bucket()
    {
        NodeProbe v4 = Probe(), v6 = Probe(isV6: true);
        v4.Node.Join(v6.Node);
        v4.Node.AddNode(NodeProbe.Global(1), v4.Now);
        Answer(v4, 10);
        for (int i = 0; i < Limits.DhtBucketNodes; i++)
        {
            Assert.Equal(i, v6.Node.NodeCount);
            Assert.True(IsWanted(v4));
            Answer(v4, 5);
            v6.Node.AddNode(PeerAddress.FromBytes([0x20, 1, 0x0D, 0xB9, (byte)i, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 6881), v6.Now);
            Answer(v6, 10);
        }
        Assert.Equal(Limits.DhtBucketNodes, v6.Node.NodeCount);
        Assert.False(IsWanted(v4));
    }

    [Fact]
    public void The_regular_upkeep_forgets_stored_peers_that_are_too_old()
    {
        NodeProbe probe = Probe();
        PeerAddress peer = NodeProbe.Global(5);
        NodeId torrent = NodeId.From(s_torrent);
        byte[] token = probe.Ask(peer, KrpcSamples.GetPeers(NodeProbe.Id, torrent))["r"u8]["token"u8].Bytes.ToArray();
        probe.Ask(peer, KrpcSamples.Announce(NodeProbe.Id, torrent, 7000, token));
        Assert.Equal(1, probe.Node.StoredPeerCount);
        Silence(probe, 29 * 60);
        Assert.Equal(1, probe.Node.StoredPeerCount);
        Silence(probe, 2 * 60);
        Assert.Equal(0, probe.Node.StoredPeerCount);
    }

    [Fact]
    public void Stored_peers_are_looked_through_at_the_regular_upkeep_alone()
    {
        NodeProbe probe = Probe();
        PeerAddress peer = NodeProbe.Global(5);
        NodeId torrent = NodeId.From(s_torrent);
        TimeSpan start = probe.Now;
        byte[] token = probe.Ask(peer, KrpcSamples.GetPeers(NodeProbe.Id, torrent))["r"u8]["token"u8].Bytes.ToArray();
        probe.Now += TimeSpan.FromSeconds(10);
        probe.Ask(peer, KrpcSamples.Announce(NodeProbe.Id, torrent, 7000, token));
        // The first call finds the upkeep due, the second comes before the next one, and the peer is too old from second 1810 on.
        foreach ((int second, int stored) in (ReadOnlySpan<(int, int)>)[(1805, 1), (1834, 1), (1835, 0)])
        {
            probe.Node.Advance(start + TimeSpan.FromSeconds(second));
            Assert.Equal(stored, probe.Node.StoredPeerCount);
        }
    }

    [Fact]
    public void Three_hundred_nodes_are_saved_and_not_more()
    {
        NodeProbe probe = Probe();
        int next = 0;
        for (int bits = 0; probe.Node.NodeCount <= Limits.DhtSavedNodes; bits++)
        {
            for (int i = 0; i < Limits.DhtBucketNodes && probe.Node.NodeCount <= Limits.DhtSavedNodes; i++)
            {
                PeerAddress address = NodeProbe.Global(++next);
                probe.Node.AddNode(address, probe.Now);
                for (int round = 0; round < 50 && probe.AnswerAll(to => to == address ? Sharing(probe.Node.NodeId, bits, i) : Sharing(probe.Node.NodeId, 0, 0)) > 0; round++)
                {
                }
            }
        }
        Assert.Equal(Limits.DhtSavedNodes + 1, probe.Node.NodeCount);
        Assert.Equal(Limits.DhtSavedNodes, probe.Node.Save().Nodes.Count);
    }

    [Fact]
    public void A_lookup_begins_with_named_nodes_that_have_not_answered_yet()
    {
        NodeProbe probe = Probe();
        probe.Node.AddNode(NodeProbe.Global(1), probe.Now);
        probe.Sent();
        probe.Node.FindPeers(s_torrent, 0, probe.Now);
        Assert.Equal([NodeProbe.Global(1)], AskedForPeers(probe));
    }

    [Fact]
    public void A_node_that_asks_us_is_what_a_waiting_lookup_waits_for()
    {
        NodeProbe probe = Probe();
        probe.Node.FindPeers(s_torrent, 0, probe.Now);
        Assert.Empty(probe.Sent());
        probe.Node.Receive(NodeProbe.Global(1), KrpcSamples.Query(NodeProbe.Id, "ping", "aa"u8), probe.Now);
        Assert.Equal(1, probe.AnswerAll(_ => NodeProbe.Id));
        Assert.Equal([NodeProbe.Global(1)], AskedForPeers(probe));
    }

    [Fact]
    public void After_a_change_of_the_network_nobody_waits_for_the_next_retry()
    {
        NodeProbe probe = Probe();
        probe.Node.AddNode(NodeProbe.Global(1), probe.Now);
        Silence(probe, 600);
        while (Silence(probe, 0).Count == 0)
        {
        }
        // The last retry was just given up: the next is most of a minute away.
        Silence(probe, 15);
        Assert.Empty(Silence(probe, 5));
        probe.Node.NetworkChanged(probe.Now);
        Assert.Equal(probe.Now, probe.Node.NextDeadline);
        probe.Node.Advance(probe.Now);
        Assert.Contains(NodeProbe.Global(1), Silence(probe, 0));
    }

    [Fact]
    public void A_node_that_lives_is_not_asked_again_when_it_is_named_again()
    {
        NodeProbe probe = Probe();
        probe.Node.AddNode(NodeProbe.Global(1), probe.Now);
        Answer(probe, 10);
        probe.Node.AddNode(NodeProbe.Global(1), probe.Now);
        Assert.Empty(probe.Sent());
        probe.Node.AddNode(NodeProbe.Global(2), probe.Now);
        Assert.Single(probe.Sent());
    }

    [Fact]
    public void A_node_that_was_given_up_is_asked_again_when_it_is_named_again()
    {
        NodeProbe probe = Probe();
        PeerAddress alive = NodeProbe.Global(1), silent = NodeProbe.Global(2);
        probe.Node.AddNode(alive, probe.Now);
        probe.Node.AddNode(silent, probe.Now);
        Answer(probe, 10);
        Assert.Equal(2, probe.Node.NodeCount);
        for (int second = 0; second < 300; second++)
        {
            if (second is 0 or 100)
                probe.Node.FindPeers(s_torrent, 0, probe.Now);
            probe.AnswerAll(IdOf, only: alive);
            probe.Now += TimeSpan.FromSeconds(1);
            probe.Node.Advance(probe.Now);
        }
        Assert.Equal(1, probe.Node.NodeCount);
        Assert.Equal(2, probe.Events().OfType<DhtLookupEnded>().Count());
        probe.Sent();
        probe.Node.AddNode(silent, probe.Now);
        Assert.Equal(silent, Assert.Single(probe.Sent()).To);
    }

    [Fact]
    public void A_router_that_is_named_again_takes_no_second_place()
    {
        NodeProbe probe = Probe();
        for (int i = 0; i < Limits.DhtRouters; i++)
            probe.Node.AddRouter(NodeProbe.Global(1), probe.Now);
        probe.Node.AddRouter(NodeProbe.Global(2), probe.Now);
        Assert.Contains(NodeProbe.Global(2), Silence(probe, 60));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whom_a_router_names_is_pinged_at_once_only_while_nobody_lives(bool somebodyLives)
    {
        NodeProbe probe = Probe();
        PeerAddress router = NodeProbe.Global(100), named = NodeProbe.Global(200);
        if (somebodyLives)
        {
            probe.Node.AddNode(NodeProbe.Global(1), probe.Now);
            Answer(probe, 10);
        }
        probe.Node.FindPeers(s_torrent, 0, probe.Now);
        probe.Sent();
        probe.Node.AddRouter(router, probe.Now);
        var bytes = new byte[CompactNodes.V4Length];
        CompactNodes.Write(new NodeContact(NodeId.Random(_random), named), bytes);
        Assert.NotEqual(0, probe.AnswerAll(_ => NodeId.Random(_random), body => body.Key("nodes"u8).String(bytes)));
        DhtDatagram[] asked = [.. probe.Sent().Where(sent => sent.To == named)];
        Assert.NotEmpty(asked);
        Assert.Equal(!somebodyLives, asked.Any(sent => sent.Bytes.Span.IndexOf("4:ping"u8) >= 0));
    }

    [Fact]
    public void Nothing_is_told_of_the_other_family_when_nobody_of_it_was_named()
    {
        NodeProbe probe = Probe();
        probe.Node.AddNode(NodeProbe.Global(1), probe.Now);
        Answer(probe, 10);
        Assert.Empty(probe.Events().OfType<DhtOtherFamilyNodes>());
    }

    private static NodeId Sharing(NodeId own, int bits, int number)
    {
        byte[] id = own.ToArray();
        id[bits / 8] ^= (byte)(0x80 >> bits % 8);
        id[^1] ^= (byte)number;
        return new NodeId(id);
    }

    private static IEnumerable<PeerAddress> AskedForPeers(NodeProbe probe)
        => probe.Sent().Where(sent => sent.Bytes.Span.IndexOf("9:get_peers"u8) >= 0).Select(sent => sent.To);

    private static bool IsWanted(NodeProbe probe)
    {
        probe.Node.FindPeers(s_torrent, 0, probe.Now);
        DhtDatagram[] queries = [.. probe.Sent().Where(sent => sent.Bytes.Span.IndexOf("9:get_peers"u8) >= 0)];
        Assert.NotEmpty(queries);
        return queries.All(sent => sent.Bytes.Span.IndexOf("4:wantl2:n42:n6e"u8) >= 0);
    }

    private NodeId IdOf(PeerAddress address) => _ids.TryGetValue(address, out NodeId id) ? id : _ids[address] = NodeId.Random(_random);

    /// <summary>Lets everybody who is asked answer, for so many seconds.</summary>
    private void Answer(NodeProbe probe, int seconds)
    {
        for (int i = 0; i < seconds; i++)
        {
            while (probe.AnswerAll(IdOf) > 0)
            {
            }
            probe.Now += TimeSpan.FromSeconds(1);
            probe.Node.Advance(probe.Now);
        }
    }

    /// <summary>Lets time pass in which nobody answers; returns whom was asked.</summary>
    private static List<PeerAddress> Silence(NodeProbe probe, int seconds)
    {
        var asked = new List<PeerAddress>();
        for (int i = 0; i <= seconds; i++)
        {
            asked.AddRange(probe.Sent().Select(sent => sent.To));
            probe.Now += TimeSpan.FromSeconds(1);
            probe.Node.Advance(probe.Now);
        }
        return asked;
    }
}
