using CcBt.Core.Addressing;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

/// <summary>Whom a lookup begins with, and what is left of one that was cancelled.</summary>
public sealed class LookupDriverTests
{
    private static readonly InfoHash s_torrent = InfoHash.Parse("0123456789abcdef0123456789abcdef01234567");
    private static readonly PeerAddress s_router = NodeProbe.Global(900);
    private readonly Random _random = new(34);
    private readonly Dictionary<PeerAddress, NodeId> _ids = [];
    private readonly NodeProbe _probe;

    public LookupDriverTests() => _probe = new NodeProbe(new DhtNode(new DhtNodeOptions(), null, _random, isV6: false));

    [Fact]
    public void With_enough_living_nodes_a_lookup_begins_without_the_routers()
    {
        Meet(20);
        Assert.InRange(_probe.Node.NodeCount, Limits.DhtBucketNodes, 20);
        Assert.DoesNotContain(s_router, AskedByNewLookup());
    }

    [Fact]
    public void With_few_living_nodes_a_lookup_begins_with_the_routers_too()
    {
        Meet(1);
        Assert.Equal(1, _probe.Node.NodeCount);
        Assert.Equal([NodeProbe.Global(1), s_router], AskedByNewLookup().Order());
    }

    [Fact]
    public void With_many_nodes_of_which_none_lives_a_lookup_begins_with_the_routers_too()
    {
        Meet(20);
        int lookup = _probe.Node.FindPeers(s_torrent, 0, _probe.Now);
        Silence(120);
        _probe.Node.CancelLookup(lookup, _probe.Now);
        Assert.Equal(0, _probe.Node.NodeCount);
        Assert.Contains(s_router, AskedByNewLookup());
    }

    [Fact]
    public void Once_a_node_lives_the_search_for_our_neighbourhood_does_not_turn_to_silent_routers_again()
    {
        _probe.Node.AddRouter(s_router, _probe.Now);
        Silence(58);
        _probe.Node.Receive(NodeProbe.Global(1), KrpcSamples.Query(IdOf(NodeProbe.Global(1)), "ping", "aa"u8), _probe.Now);
        Assert.Equal(1, _probe.AnswerAll(IdOf));
        Assert.Equal(1, _probe.Node.NodeCount);
        // Until the upkeep of the sixtieth second, one before the router would be tried again in any case.
        byte[] target = [.. "6:target20:"u8, .. _probe.Node.NodeId.ToArray()];
        Assert.Equal([NodeProbe.Global(1)], Silence(2).Where(sent => sent.Bytes.Span.IndexOf(target) >= 0).Select(sent => sent.To).Distinct());
    }

    [Fact]
    public void A_node_without_one_of_the_other_family_beside_it_asks_for_its_own_alone()
    {
        Meet(1);
        _probe.Node.FindPeers(s_torrent, 0, _probe.Now);
        Assert.All(_probe.Sent(), sent => Assert.True(sent.Bytes.Span.IndexOf("4:want"u8) < 0));
    }

    [Fact]
    public void Nodes_in_the_answer_to_an_announce_are_not_read()
    {
        Meet(1);
        _probe.Node.FindPeers(s_torrent, 7000, _probe.Now);
        _probe.AnswerAll(IdOf, body => body.Key("token"u8).String("aoeusnth"u8));
        Assert.Equal(1, Assert.Single(_probe.Events().OfType<DhtLookupEnded>()).AnnouncedTo);
        var other = new byte[CompactNodes.V6Length];
        CompactNodes.Write(new NodeContact(NodeId.Random(_random), PeerAddress.FromBytes([0x26, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 6881)), other);
        Assert.Equal(1, _probe.AnswerAll(IdOf, body => body.Key("nodes6"u8).String(other)));
        Assert.Empty(_probe.Events().OfType<DhtOtherFamilyNodes>());
    }

    [Fact]
    public void Of_a_cancelled_lookup_no_peers_are_told_that_come_later()
    {
        Meet(1);
        int lookup = _probe.Node.FindPeers(s_torrent, 7000, _probe.Now);
        _probe.Node.CancelLookup(lookup, _probe.Now);
        Assert.NotEqual(0, _probe.AnswerAll(IdOf, body => body.Key("values"u8).BeginList().String([80, 1, 1, 1, 0x1A, 0xE1]).End()));
        Assert.Empty(_probe.Events());
    }

    [Fact]
    public void A_cancelled_lookup_does_not_end_when_its_last_query_is_lost()
    {
        Meet(2);
        int lookup = _probe.Node.FindPeers(s_torrent, 7000, _probe.Now);
        Assert.Equal(1, _probe.AnswerAll(IdOf, only: NodeProbe.Global(1)));
        _probe.Node.CancelLookup(lookup, _probe.Now);
        Silence(30);
        Assert.Empty(_probe.Events());
    }

    [Fact]
    public void A_lookup_whose_query_finds_no_room_is_tried_again_after_a_second()
    {
        TimeSpan start = _probe.Now, now = start + TimeSpan.FromSeconds(1);
        var outbox = new Outbox();
        var sender = new QuerySender(_random, outbox, new KrpcWriter(), new DhtNodeOptions());
        var table = new RoutingTable(NodeId.Random(_random));
        var driver = new LookupDriver(isV6: false, table, new LookupSet(), sender, outbox, _random);
        for (int i = 0; i < Limits.DhtPendingQueries; i++)
            sender.Send(new PendingQuery(QueryKind.Ping, NodeProbe.Global(1000 + i)), table.OwnId, false, start);
        while (sender.TryTakeOverdue(now, out _))
        {
        }
        table.Answered(new NodeContact(NodeId.Random(_random), NodeProbe.Global(1)), now);
        driver.Start(new Lookup(1, NodeId.Random(_random), LookupPurpose.Peers), now);
        Assert.Equal(now + TimeSpan.FromSeconds(1), driver.NextDeadline);
    }

    private NodeId IdOf(PeerAddress address) => _ids.TryGetValue(address, out NodeId id) ? id : _ids[address] = NodeId.Random(_random);

    /// <summary>Names a router and nodes, and lets all of them answer until nothing more is asked.</summary>
    private void Meet(int nodes)
    {
        _probe.Node.AddRouter(s_router, _probe.Now);
        for (int i = 1; i <= nodes; i++)
            _probe.Node.AddNode(NodeProbe.Global(i), _probe.Now);
        for (int second = 0; second < 10; second++)
        {
            while (_probe.AnswerAll(IdOf) > 0)
            {
            }
            Silence(1);
        }
        _probe.Events();
    }

    private List<PeerAddress> AskedByNewLookup()
    {
        _probe.Node.FindPeers(LookupRun.RandomHash(_random), 0, _probe.Now);
        return [.. _probe.Sent().Where(sent => sent.Bytes.Span.IndexOf("9:get_peers"u8) >= 0).Select(sent => sent.To)];
    }

    /// <summary>Lets time pass in which nobody answers; returns what is sent.</summary>
    private List<DhtDatagram> Silence(int seconds)
    {
        var sent = new List<DhtDatagram>();
        for (int i = 0; i < seconds; i++)
        {
            _probe.Now += TimeSpan.FromSeconds(1);
            _probe.Node.Advance(_probe.Now);
            sent.AddRange(_probe.Sent());
        }
        return sent;
    }
}
