using CcBt.Core.Addressing;
using CcBt.Core.BEncoding;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

/// <summary>What a node believes, and of whom.</summary>
public sealed class DhtTrustTests
{
    private static readonly InfoHash s_torrent = InfoHash.Parse("0123456789abcdef0123456789abcdef01234567");
    private readonly Random _random = new(81);
    private readonly Dictionary<PeerAddress, NodeId> _ids = [];

    private NodeProbe Probe(bool isV6 = false) => new(new DhtNode(new DhtNodeOptions(), null, _random, isV6));

    private NodeId IdOf(PeerAddress node) => _ids.TryGetValue(node, out NodeId id) ? id : _ids[node] = NodeId.Random(_random);

    private static byte[] Compact(PeerAddress address)
    {
        var bytes = new byte[CompactAddresses.V6Length];
        return bytes[..CompactAddresses.Write(address, bytes)];
    }

    private static byte[] Nodes(params NodeContact[] contacts)
    {
        var bytes = new byte[contacts.Length * CompactNodes.V6Length];
        int length = 0;
        foreach (NodeContact contact in contacts)
            length += CompactNodes.Write(contact, bytes.AsSpan(length));
        return bytes[..length];
    }

    [Fact]
    public void An_answer_from_another_port_or_with_another_id_is_ignored()
    {
        NodeProbe probe = Probe();
        PeerAddress asked = NodeProbe.Global(1);
        probe.Node.AddNode(asked, probe.Now);
        DhtDatagram query = probe.Sent()[0];
        var document = new BDocument();
        Assert.True(document.TryParse(query.Bytes, BLimits.Dht, out _));
        byte[] transaction = document.Root["t"u8].Bytes.ToArray();
        Assert.Equal(4, transaction.Length);
        probe.Node.Receive(asked.WithPort(1), NodeProbe.Response(transaction, NodeProbe.Id), probe.Now);
        probe.Node.Receive(NodeProbe.Global(2), NodeProbe.Response(transaction, NodeProbe.Id), probe.Now);
        transaction[0]++;
        probe.Node.Receive(asked, NodeProbe.Response(transaction, NodeProbe.Id), probe.Now);
        probe.Node.Receive(asked, NodeProbe.Response(transaction.AsSpan(1), NodeProbe.Id), probe.Now);
        Assert.Equal(0, probe.Node.NodeCount);
        transaction[0]--;
        probe.Node.Receive(asked, NodeProbe.Response(transaction, NodeProbe.Id), probe.Now);
        Assert.Equal(1, probe.Node.NodeCount);
    }

    [Fact]
    public void What_is_no_message_leaves_the_query_open_that_it_names()
    {
        NodeProbe probe = Probe();
        PeerAddress asked = NodeProbe.Global(1);
        probe.Node.AddNode(asked, probe.Now);
        var document = new BDocument();
        Assert.True(document.TryParse(probe.Sent()[0].Bytes, BLimits.Dht, out _));
        byte[] transaction = document.Root["t"u8].Bytes.ToArray();
        probe.Node.Receive(asked, (byte[])[.. "d1:t4:"u8, .. transaction, .. "1:y1:xe"u8], probe.Now);
        probe.Node.Receive(asked, NodeProbe.Response(transaction, NodeProbe.Id), probe.Now);
        Assert.Equal(1, probe.Node.NodeCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_withdrawn_torrent_is_not_announced_again(bool isWithdrawn)
    {
        NodeProbe probe = Probe();
        probe.Node.AddNode(NodeProbe.Global(1), probe.Now);
        probe.AnswerAll(_ => NodeProbe.Id);
        probe.Node.FindPeers(s_torrent, 7000, probe.Now);
        probe.AnswerAll(_ => NodeProbe.Id, body => body.Key("token"u8).String("token"u8));
        Assert.Equal(1, Announces(probe));
        if (isWithdrawn)
            probe.Node.Withdraw(s_torrent);
        Assert.Equal(isWithdrawn ? [] : [1, 6], SecondsOfRepeats(probe));
    }

    [Fact]
    public void A_torrent_withdrawn_after_the_first_repeat_is_not_announced_again()
    {
        NodeProbe probe = Probe();
        probe.Node.AddNode(NodeProbe.Global(1), probe.Now);
        probe.AnswerAll(_ => NodeProbe.Id);
        probe.Node.FindPeers(s_torrent, 7000, probe.Now);
        probe.AnswerAll(_ => NodeProbe.Id, body => body.Key("token"u8).String("token"u8));
        probe.Now += TimeSpan.FromSeconds(1);
        probe.Node.Advance(probe.Now);
        Assert.Equal(2, Announces(probe));
        probe.Node.Withdraw(s_torrent);
        Assert.Empty(SecondsOfRepeats(probe));
    }

    /// <summary>In which of the next seconds the torrent is announced, when nobody answers.</summary>
    private static List<int> SecondsOfRepeats(NodeProbe probe)
    {
        var seconds = new List<int>();
        for (int second = 1; second <= 60; second++)
        {
            probe.Now += TimeSpan.FromSeconds(1);
            probe.Node.Advance(probe.Now);
            seconds.AddRange(Enumerable.Repeat(second, Announces(probe)));
        }
        return seconds;
    }

    private static int Announces(NodeProbe probe)
        => probe.Sent().Count(datagram => datagram.Bytes.Span.IndexOf("13:announce_peer"u8) >= 0 && datagram.Bytes.Span.IndexOf(s_torrent.ToArray()) >= 0);

    [Fact]
    public void A_global_node_names_no_local_nodes_and_peers()
    {
        NodeProbe probe = Probe();
        PeerAddress globalPeer = NodeProbe.Global(50, 7000);
        int lookup = probe.Node.FindPeers(s_torrent, 0, probe.Now);
        probe.Node.AddNode(NodeProbe.Global(1), probe.Now);
        probe.AnswerAll(_ => NodeProbe.Id, body => body
            .Key("nodes"u8).String(Nodes(
                new NodeContact(NodeId.Random(_random), PeerAddress.FromV4(0x7F000001, 1)),
                new NodeContact(NodeId.Random(_random), PeerAddress.FromV4(0xC0A80101, 1)),
                new NodeContact(NodeId.Random(_random), PeerAddress.FromV4(0xE0000001, 1)),
                new NodeContact(NodeId.Random(_random), NodeProbe.Global(3))))
            .Key("values"u8).BeginList()
            .String(Compact(PeerAddress.FromV4(0x7F000001, 80))).String(Compact(PeerAddress.FromV4(0x0A000001, 80)))
            .String(Compact(globalPeer)).String("short"u8).String(Compact(globalPeer.WithPort(0))).End());
        Assert.Equal([globalPeer], probe.Events().OfType<DhtPeersFound>().Single(found => found.LookupId == lookup).Peers);
        Assert.All(probe.Sent(), datagram => Assert.Equal(NodeProbe.Global(3), datagram.To));
    }

    [Fact]
    public void A_loopback_node_names_loopback_nodes_and_peers()
    {
        NodeProbe probe = Probe();
        probe.Node.FindPeers(s_torrent, 0, probe.Now);
        probe.Node.AddNode(PeerAddress.FromV4(0x7F000002, 1), probe.Now);
        PeerAddress peer = PeerAddress.FromV4(0x7F000009, 80), node = PeerAddress.FromV4(0x7F000003, 1);
        probe.AnswerAll(_ => NodeProbe.Id, body => body.Key("nodes"u8).String(Nodes(new NodeContact(NodeId.Random(_random), node)))
            .Key("values"u8).BeginList().String(Compact(peer)).End());
        Assert.Contains(peer, probe.Events().OfType<DhtPeersFound>().SelectMany(found => found.Peers));
        Assert.Contains(probe.Sent(), datagram => datagram.To == node);
    }

    [Fact]
    public void Five_networks_that_agree_renew_the_id_and_the_table_stays()
    {
        NodeProbe probe = Probe();
        PeerAddress external = NodeProbe.Global(700, 4_000), lie = NodeProbe.Global(701, 4_000);
        NodeId before = probe.Node.NodeId;
        for (int i = 0; i < 4; i++)
        {
            probe.Node.AddNode(NodeProbe.Global(i + 1), probe.Now);
            probe.AnswerAll(_ => NodeId.Random(_random), ownAddress: Compact(i == 0 ? lie : external));
        }
        // The same network again counts once.
        probe.Node.AddNode(PeerAddress.FromV4((uint)NodeProbe.Global(3).Low + 7, 1), probe.Now);
        probe.AnswerAll(_ => NodeId.Random(_random), ownAddress: Compact(external));
        Assert.Empty(probe.Events().OfType<DhtExternalAddress>());
        Assert.Equal(before, probe.Node.NodeId);
        for (int i = 10; i < 12; i++)
        {
            probe.Node.AddNode(NodeProbe.Global(i), probe.Now);
            probe.AnswerAll(_ => NodeId.Random(_random), ownAddress: Compact(external));
        }
        DhtExternalAddress told = probe.Events().OfType<DhtExternalAddress>().Single();
        Assert.Equal(external, told.Address);
        Assert.True(told.NodeIdChanged);
        Assert.True(NodeIdentity.Matches(probe.Node.NodeId, external));
        Assert.True(probe.Node.NodeCount >= 5);
    }

    [Fact]
    public void A_new_address_is_believed_soon_although_many_saw_the_old_one()
    {
        NodeProbe probe = Probe();
        PeerAddress old = NodeProbe.Global(700, 4_000), fresh = NodeProbe.Global(701, 4_000);
        for (int i = 0; i < 40; i++)
            Vote(probe, i + 1, old);
        probe.Events();
        Vote(probe, 50, fresh);
        Assert.Empty(probe.Sent());
        Vote(probe, 51, fresh);
        // Two agree: others are asked, and not too many.
        Assert.InRange(probe.AnswerAll(_ => NodeId.Random(_random), ownAddress: Compact(fresh)), 5, Limits.DhtAddressProbes);
        DhtExternalAddress told = probe.Events().OfType<DhtExternalAddress>().Single();
        Assert.Equal((fresh, old), (told.Address, told.Former!.Value));
        Assert.True(NodeIdentity.IsCompliant(probe.Node.NodeId, fresh));
    }

    [Fact]
    public void False_alarms_about_our_address_become_rare()
    {
        NodeProbe probe = Probe();
        PeerAddress right = NodeProbe.Global(700, 4_000), lie = NodeProbe.Global(701, 4_000);
        for (int i = 0; i < 40; i++)
            Vote(probe, i + 1, right);
        probe.Events();
        int asked = 0;
        for (int minute = 0; minute < 360; minute++)
        {
            Vote(probe, 2_000 + minute, right);
            Vote(probe, 3_000 + minute, right);
            Vote(probe, 1_000 + minute, lie);
            asked += probe.AnswerAll(_ => NodeId.Random(_random), ownAddress: Compact(right));
            probe.Now += TimeSpan.FromMinutes(1);
        }
        Assert.InRange(asked, 16, 25 * Limits.DhtAddressProbes);
        Assert.Empty(probe.Events().OfType<DhtExternalAddress>());
    }

    [Fact]
    public void Elections_that_false_alarms_cause_are_twice_as_far_apart_each_time_up_to_an_hour()
    {
        NodeProbe probe = Probe();
        PeerAddress right = NodeProbe.Global(700, 4_000), lie = NodeProbe.Global(701, 4_000);
        for (int i = 0; i < 40; i++)
            Vote(probe, i + 1, right);
        probe.AnswerAll(IdOf);
        var elections = new List<int>();
        for (int minute = 0; minute < 200; minute++)
        {
            Vote(probe, 2_000 + minute, right);
            Vote(probe, 3_000 + minute, right);
            Vote(probe, 1_000 + minute, lie);
            if (probe.AnswerAll(IdOf, ownAddress: Compact(right)) >= Limits.DhtAddressProbes)
                elections.Add(minute);
            probe.Now += TimeSpan.FromMinutes(1);
        }
        // It takes two lies each time, so that the first pause of a minute shows as two.
        Assert.Equal([2, 2, 4, 8, 16, 32, 60, 60], elections.Zip(elections.Skip(1), static (former, next) => next - former));
    }

    [Fact]
    public void After_a_change_of_the_network_nodes_are_asked_where_they_see_us()
    {
        NodeProbe probe = Probe();
        PeerAddress old = NodeProbe.Global(700, 4_000), fresh = NodeProbe.Global(701, 4_000);
        for (int i = 0; i < 40; i++)
            Vote(probe, i + 1, old);
        probe.Events();
        probe.Node.NetworkChanged(probe.Now);
        probe.AnswerAll(_ => NodeId.Random(_random), ownAddress: Compact(fresh));
        Assert.Equal(fresh, probe.Events().OfType<DhtExternalAddress>().Single().Address);
    }

    /// <summary>A node is met and says where it sees us; what others are asked meanwhile they answer without a word about that.</summary>
    private void Vote(NodeProbe probe, int voter, PeerAddress claimed)
    {
        var document = new BDocument();
        bool hasVoted = false;
        probe.Node.AddNode(NodeProbe.Global(voter), probe.Now);
        for (int round = 0; round < 100 && !hasVoted; round++)
        {
            foreach (DhtDatagram sent in probe.Sent())
            {
                Assert.True(document.TryParse(sent.Bytes, BLimits.Dht, out _));
                bool isVoter = sent.To == NodeProbe.Global(voter);
                hasVoted |= isVoter;
                probe.Node.Receive(sent.To, NodeProbe.Response(document.Root["t"u8].Bytes, IdOf(sent.To), null, isVoter ? Compact(claimed) : default), probe.Now);
            }
        }
        Assert.True(hasVoted);
    }

    [Fact]
    public void Nodes_of_the_other_family_are_handed_on()
    {
        NodeProbe probe = Probe();
        Assert.True(PeerAddress.TryParse("[2001:db8::5]:6881", out PeerAddress v6));
        var contact = new NodeContact(NodeId.Random(_random), v6);
        probe.Node.AddNode(NodeProbe.Global(1), probe.Now);
        probe.AnswerAll(_ => NodeProbe.Id, body => body.Key("nodes6"u8).String(Nodes(contact)));
        Assert.Equal([contact], probe.Events().OfType<DhtOtherFamilyNodes>().First().Nodes);
        probe.Node.AddNode(v6, probe.Now);
        Assert.DoesNotContain(probe.Sent(), datagram => datagram.To.IsV6);
    }

    [Fact]
    public void Joined_nodes_want_and_name_each_others_nodes()
    {
        NodeProbe v4 = Probe(), v6 = Probe(isV6: true);
        v4.Node.Join(v6.Node);
        Assert.True(PeerAddress.TryParse("[2001:db8::5]:6881", out PeerAddress address6));
        v6.Node.AddNode(address6, v6.Now);
        Assert.Contains(v6.Sent(), datagram => datagram.Bytes.Span.IndexOf("4:wantl2:n42:n6e"u8) > 0);
        v6.Node.AddNode(PeerAddress.FromBytes([0x20, 1, 0xD, 0xB8, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 1), v6.Now);
        v6.AnswerAll(_ => NodeId.Random(_random));
        Assert.Equal(1, v6.Node.NodeCount);
        BValue answer = v4.Ask(NodeProbe.Global(1), KrpcSamples.FindNode(NodeProbe.Id, NodeProbe.Id, "n6"))["r"u8];
        Assert.Equal(CompactNodes.V6Length, answer["nodes6"u8].Bytes.Length);
        Assert.False(answer["nodes"u8].Exists);
        answer = v4.Ask(NodeProbe.Global(1), KrpcSamples.FindNode(NodeProbe.Id, NodeProbe.Id, "n4", "n6", "n9"))["r"u8];
        Assert.True(answer["nodes6"u8].Exists && answer["nodes"u8].Exists);
        answer = v6.Ask(address6, KrpcSamples.FindNode(NodeProbe.Id, NodeProbe.Id))["r"u8];
        Assert.True(answer["nodes6"u8].Exists && !answer["nodes"u8].Exists);
    }

    [Fact]
    public void Strangers_learn_no_nodes_of_our_own_network()
    {
        NodeProbe probe = Probe();
        probe.Node.AddNode(PeerAddress.FromV4(0xC0A80105, 6881), probe.Now);
        probe.AnswerAll(_ => NodeProbe.Id);
        Assert.Equal(1, probe.Node.NodeCount);
        byte[] query = KrpcSamples.FindNode(NodeProbe.Id, NodeProbe.Id);
        Assert.Equal(0, probe.Ask(NodeProbe.Global(1), query)["r"u8]["nodes"u8].Bytes.Length);
        Assert.Equal(CompactNodes.V4Length, probe.Ask(PeerAddress.FromV4(0xC0A80109, 1), query)["r"u8]["nodes"u8].Bytes.Length);
    }

    [Fact]
    public void Hearsay_does_not_enter_the_table()
    {
        NodeProbe probe = Probe();
        for (int i = 0; i < 1_000; i++)
            probe.Node.Receive(NodeProbe.Global(i), KrpcSamples.Query(NodeId.Random(_random), "ping", "aa"u8), probe.Now);
        Assert.Equal(0, probe.Node.NodeCount);
        int pings = probe.Sent().Count(datagram => datagram.Bytes.Span.IndexOf("1:y1:q"u8) >= 0);
        Assert.InRange(pings, 1, Limits.DhtUnseenPings);
    }
}
