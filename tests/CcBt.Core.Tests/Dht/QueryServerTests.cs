using System.Text;
using CcBt.Core.Addressing;
using CcBt.Core.BEncoding;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

public sealed class QueryServerTests
{
    private static readonly NodeId s_torrent = new("torrenttorrenttorren"u8);
    private static readonly PeerAddress s_asker = NodeProbe.Global(7);

    private static NodeProbe Probe(DhtNodeOptions? options = null)
        => new(new DhtNode(options ?? new DhtNodeOptions(), null, new Random(5), isV6: false));

    private static byte[] Token(NodeProbe probe, PeerAddress from)
        => probe.Ask(from, KrpcSamples.GetPeers(NodeProbe.Id, s_torrent))["r"u8]["token"u8].Bytes.ToArray();

    private static long? ErrorCode(BValue answer)
    {
        foreach (BEntry entry in answer["e"u8].Children)
            return entry.Value.AsInteger();
        return null;
    }

    [Fact]
    public void A_ping_is_answered_with_the_id_and_the_askers_address()
    {
        NodeProbe probe = Probe();
        BValue answer = probe.Ask(s_asker, KrpcSamples.Query(NodeProbe.Id, "ping", "abc"u8));
        Assert.Equal(probe.Node.NodeId, new NodeId(answer["r"u8]["id"u8].Bytes));
        Assert.Equal("abc", answer["t"u8].AsText());
        Assert.True(CompactAddresses.TryRead(answer["ip"u8].Bytes, out PeerAddress seen));
        Assert.Equal(s_asker, seen);
    }

    [Fact]
    public void Bad_queries_get_the_errors_of_the_specification()
    {
        NodeProbe probe = Probe();
        Assert.Equal(204, ErrorCode(probe.Ask(s_asker, KrpcSamples.Query(NodeProbe.Id, "vote", "aa"u8))));
        Assert.Equal(203, ErrorCode(probe.Ask(s_asker, KrpcSamples.Query(NodeProbe.Id, "find_node", "aa"u8))));
        Assert.Equal(203, ErrorCode(probe.Ask(s_asker, KrpcSamples.Query(NodeProbe.Id, "get_peers", "aa"u8))));
        Assert.Equal(203, ErrorCode(probe.Ask(s_asker, Encoding.ASCII.GetBytes("d1:ad2:id3:abce1:q4:ping1:t2:aa1:y1:qe"))));
        Assert.Equal(203, ErrorCode(probe.Ask(s_asker, Encoding.ASCII.GetBytes("d1:q4:ping1:t2:aa1:y1:qe"))));
    }

    [Fact]
    public void An_announced_peer_is_told_to_who_asks()
    {
        NodeProbe probe = Probe();
        byte[] token = Token(probe, s_asker);
        Assert.Equal(TokenIssuer.TokenLength, token.Length);
        Assert.True(probe.Ask(s_asker, KrpcSamples.Announce(NodeProbe.Id, s_torrent, 7000, token))["r"u8].Exists);
        Assert.True(probe.Ask(s_asker, KrpcSamples.Announce(NodeProbe.Id, s_torrent, null, token, impliedPort: true))["r"u8].Exists);
        BValue answer = probe.Ask(NodeProbe.Global(9), KrpcSamples.GetPeers(NodeProbe.Id, s_torrent))["r"u8];
        var peers = new List<PeerAddress>();
        foreach (BEntry entry in answer["values"u8].Children)
        {
            Assert.True(CompactAddresses.TryRead(entry.Value.Bytes, out PeerAddress peer));
            peers.Add(peer);
        }
        Assert.Equal([s_asker.WithPort(6881), s_asker.WithPort(7000)], peers.Order());
        Assert.True(answer["nodes"u8].Exists);
        Assert.Equal(2, probe.Node.StoredPeerCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65_536)]
    [InlineData(null)]
    public void An_announce_needs_a_port(int? port)
    {
        NodeProbe probe = Probe();
        Assert.Equal(203, ErrorCode(probe.Ask(s_asker, KrpcSamples.Announce(NodeProbe.Id, s_torrent, port, Token(probe, s_asker)))));
        Assert.Equal(0, probe.Node.StoredPeerCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65_535)]
    public void The_lowest_and_the_highest_port_can_be_announced(int port)
    {
        NodeProbe probe = Probe();
        Assert.Null(ErrorCode(probe.Ask(s_asker, KrpcSamples.Announce(NodeProbe.Id, s_torrent, port, Token(probe, s_asker)))));
        Assert.Equal(1, probe.Node.StoredPeerCount);
    }

    [Fact]
    public void A_token_is_bound_to_address_and_torrent_and_lives_five_to_ten_minutes()
    {
        NodeProbe probe = Probe();
        byte[] token = Token(probe, s_asker);
        long? Announce(PeerAddress from, NodeId torrent) => ErrorCode(probe.Ask(from, KrpcSamples.Announce(NodeProbe.Id, torrent, 7000, token)));
        Assert.Equal(203, Announce(NodeProbe.Global(8), s_torrent));
        Assert.Equal(203, Announce(s_asker, NodeProbe.Id));
        Assert.Null(Announce(s_asker.WithPort(99), s_torrent));
        probe.Now += TimeSpan.FromMinutes(4.9);
        Assert.Null(Announce(s_asker, s_torrent));
        probe.Now += TimeSpan.FromMinutes(5);
        Assert.Null(Announce(s_asker, s_torrent));
        probe.Now += TimeSpan.FromMinutes(0.2);
        Assert.Equal(203, Announce(s_asker, s_torrent));
        token = Token(probe, s_asker);
        probe.Now += TimeSpan.FromHours(3);
        Assert.Equal(203, Announce(s_asker, s_torrent));
        token = token[..^1];
        Assert.Equal(203, Announce(s_asker, s_torrent));
    }

    [Fact]
    public void Answers_stay_within_a_datagram_and_ten_times_their_query()
    {
        NodeProbe probe = Announced();
        byte[] query = KrpcSamples.GetPeers(NodeProbe.Id, s_torrent);
        BValue answer = probe.Ask(s_asker, query, out int length);
        Assert.InRange(answer["r"u8]["values"u8].Count, 60, Limits.DhtAnswerPeers);
        Assert.InRange(length, 600, Math.Min(Limits.DhtAnswerBytes, query.Length * Limits.DhtAnswerRatio));
    }

    [Fact]
    public void A_hundred_peers_are_told_and_not_more_where_there_is_room()
    {
        NodeProbe probe = Announced();
        byte[] query = KrpcSamples.Query(NodeProbe.Id, "get_peers", "gp"u8, arguments =>
            arguments.Key("info_hash"u8).String(s_torrent.ToArray()).Key("x"u8).String(new byte[200]));
        Assert.Equal(Limits.DhtAnswerPeers, probe.Ask(s_asker, query)["r"u8]["values"u8].Count);
    }

    /// <summary>A node that knows of two hundred peers of the torrent and of no other node.</summary>
    private static NodeProbe Announced()
    {
        NodeProbe probe = Probe();
        for (int i = 0; i < 200; i++)
        {
            PeerAddress peer = NodeProbe.Global(1000 + i);
            probe.Ask(peer, KrpcSamples.Announce(NodeProbe.Id, s_torrent, 7000, Token(probe, peer)));
            probe.Now += TimeSpan.FromSeconds(1);
        }
        Assert.Equal(200, probe.Node.StoredPeerCount);
        return probe;
    }

    [Fact]
    public void An_answer_of_nine_times_its_query_is_sent_and_a_longer_one_is_not()
    {
        var outbox = new Outbox();
        var server = new QueryServer(false, new DhtNodeOptions(), new RoutingTable(NodeProbe.Id), new Random(5), outbox, new KrpcWriter());
        // Of nine answers that differ by a byte each, one is a multiple of nine long.
        int transaction = Enumerable.Range(1, 9).Single(length => Sent(length, 1_000) % Limits.DhtAnswerRatio == 0);
        int query = Sent(transaction, 1_000) / Limits.DhtAnswerRatio;
        Assert.NotEqual(0, Sent(transaction, query));
        Assert.Equal(0, Sent(transaction, query - 1));

        int Sent(int transactionLength, int queryLength)
        {
            var reader = new KrpcReader();
            Assert.True(reader.TryRead(KrpcSamples.Query(NodeProbe.Id, "ping", new byte[transactionLength])));
            server.Answer(reader, queryLength, s_asker, TimeSpan.FromHours(1));
            return outbox.TryTakeDatagram(out DhtDatagram datagram) ? datagram.Bytes.Length : 0;
        }
    }

    /// <summary>Whatever one forged address asks, in any ten seconds it gets less than ten times what was sent in its name.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_address_gets_ten_times_what_it_sends(int seed)
    {
        var random = new Random(seed);
        NodeProbe probe = Stocked();
        var log = new List<(TimeSpan At, int In, int Out)>();
        TimeSpan end = probe.Now + TimeSpan.FromMinutes(2);
        while (probe.Now < end)
        {
            byte[] query = random.Next(4) switch
            {
                0 => KrpcSamples.Query(NodeProbe.Id, "ping", "a"u8),
                1 => KrpcSamples.FindNode(NodeId.Random(random), s_torrent, "n4", "n6"),
                2 => KrpcSamples.Query(NodeProbe.Id, "x", "a"u8),
                _ => KrpcSamples.GetPeers(NodeId.Random(random), s_torrent),
            };
            probe.Node.Receive(s_asker, query, probe.Now);
            log.Add((probe.Now, query.Length, SentTo(probe, s_asker)));
            probe.Now += TimeSpan.FromMilliseconds(random.Next(1, 2_000));
            probe.Node.Advance(probe.Now);
            log.Add((probe.Now, 0, SentTo(probe, s_asker)));
        }
        Assert.Contains(log, entry => entry.Out > 5 * entry.In && entry.In > 0);
        foreach ((TimeSpan from, int asked, _) in log.Where(entry => entry.In > 0))
        {
            (TimeSpan At, int In, int Out)[] window = [.. log.Where(entry => entry.At >= from && entry.At < from + TimeSpan.FromSeconds(10))];
            Assert.InRange(window.Sum(entry => entry.Out), 0, 10 * window.Sum(entry => entry.In));
        }
    }

    private static int SentTo(NodeProbe probe, PeerAddress to) => probe.Sent().Where(sent => sent.To == to).Sum(sent => sent.Bytes.Length);

    /// <summary>A node that knows other nodes and as many peers of the torrent as an answer has room for.</summary>
    private static NodeProbe Stocked()
    {
        NodeProbe probe = Probe();
        var random = new Random(9);
        for (int i = 0; i < 200; i++)
        {
            PeerAddress peer = NodeProbe.Global(1000 + i);
            probe.Ask(peer, KrpcSamples.Announce(NodeProbe.Id, s_torrent, 7000, Token(probe, peer)));
            if (i % 10 == 0)
                probe.Node.AddNode(peer, probe.Now);
            probe.AnswerAll(_ => NodeId.Random(random));
            probe.Now += TimeSpan.FromSeconds(1);
        }
        return probe;
    }

    [Fact]
    public void A_flood_from_one_global_address_is_blocked_for_five_minutes()
    {
        NodeProbe probe = Probe();
        byte[] ping = KrpcSamples.Query(NodeProbe.Id, "ping", "aa"u8);
        int answered = 0;
        for (int i = 0; i < 100; i++, probe.Now += TimeSpan.FromMilliseconds(50))
            answered += probe.Ask(s_asker.WithPort((ushort)(100 + i)), ping).Exists ? 1 : 0;
        Assert.Equal(Limits.DhtQueriesPerSource, answered);
        Assert.True(probe.Ask(NodeProbe.Global(8), ping).Exists);
        probe.Now += TimeSpan.FromMinutes(4.9);
        Assert.False(probe.Ask(s_asker, ping).Exists);
        probe.Now += TimeSpan.FromMinutes(0.2);
        Assert.True(probe.Ask(s_asker, ping).Exists);
        for (int i = 0; i < 500; i++)
            Assert.True(probe.Ask(PeerAddress.FromV4(0x7F000001, 5), ping).Exists);
    }

    [Fact]
    public void A_steady_five_queries_a_second_are_answered()
    {
        NodeProbe probe = Probe();
        byte[] ping = KrpcSamples.Query(NodeProbe.Id, "ping", "aa"u8);
        for (int i = 0; i < 300; i++, probe.Now += TimeSpan.FromMilliseconds(200))
            Assert.True(probe.Ask(s_asker, ping).Exists);
    }

    [Fact]
    public void Answers_to_a_flood_from_everywhere_keep_to_the_byte_rate()
    {
        NodeProbe probe = Probe();
        long bytes = 0;
        for (int i = 0; i < 10_000; i++, probe.Now += TimeSpan.FromMilliseconds(1))
        {
            probe.Node.Receive(NodeProbe.Global(i), KrpcSamples.FindNode(NodeProbe.Id, s_torrent), probe.Now);
            bytes += probe.Sent().Sum(datagram => datagram.Bytes.Span.IndexOf("1:y1:r"u8) >= 0 ? datagram.Bytes.Length : 0);
        }
        Assert.InRange(bytes, 70_000, 10 * Limits.DhtAnswerBytesPerSecond + Limits.DhtAnswerBytesPerSecond / 2);
    }

    [Fact]
    public void Strangers_learn_no_peers_of_our_own_network_and_each_peer_once()
    {
        NodeProbe probe = Probe();
        PeerAddress local = PeerAddress.FromV4(0x0A000005, 6881);
        foreach (PeerAddress peer in new[] { s_asker, local })
            Assert.True(probe.Ask(peer, KrpcSamples.Announce(NodeProbe.Id, s_torrent, 7000, Token(probe, peer)))["r"u8].Exists);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal([s_asker.WithPort(7000)], Told(NodeProbe.Global(9)));
            Assert.Equal([local.WithPort(7000), s_asker.WithPort(7000)], Told(PeerAddress.FromV4(0x0A000006, 1)).Order());
        }

        List<PeerAddress> Told(PeerAddress asker)
        {
            var peers = new List<PeerAddress>();
            foreach (BEntry entry in probe.Ask(asker, KrpcSamples.GetPeers(NodeProbe.Id, s_torrent))["r"u8]["values"u8].Children)
            {
                Assert.True(CompactAddresses.TryRead(entry.Value.Bytes, out PeerAddress peer));
                peers.Add(peer);
            }
            return peers;
        }
    }

    [Fact]
    public void A_read_only_node_neither_answers_nor_pings_who_asks_it()
    {
        NodeProbe probe = Probe(new DhtNodeOptions { IsReadOnly = true });
        probe.Node.Receive(s_asker, KrpcSamples.Query(NodeProbe.Id, "ping", "aa"u8), probe.Now);
        Assert.Empty(probe.Sent());
    }

    [Fact]
    public void A_read_only_asker_is_answered_but_not_pinged()
    {
        NodeProbe probe = Probe();
        probe.Node.Receive(s_asker, KrpcSamples.Query(NodeProbe.Id, "ping", "aa"u8, isReadOnly: true), probe.Now);
        Assert.Single(probe.Sent());
        probe.Node.Receive(s_asker, KrpcSamples.Query(NodeProbe.Id, "ping", "aa"u8), probe.Now);
        Assert.Equal(2, probe.Sent().Count);
    }

    [Fact]
    public void After_a_long_pause_a_new_token_lives_as_long_as_any()
    {
        var issuer = new TokenIssuer(new Random(6));
        TimeSpan start = TimeSpan.FromHours(1), later = start + TimeSpan.FromSeconds(1000);
        byte[] first = new byte[TokenIssuer.TokenLength], token = new byte[TokenIssuer.TokenLength];
        issuer.Write(s_asker, s_torrent, start, first);
        issuer.Write(s_asker, s_torrent, later, token);
        Assert.False(issuer.IsValid(first, s_asker, s_torrent, later));
        Assert.True(issuer.IsValid(token, s_asker, s_torrent, later + TimeSpan.FromSeconds(599)));
        Assert.False(issuer.IsValid(token, s_asker, s_torrent, later + TimeSpan.FromSeconds(600)));
    }

    [Fact]
    public void The_answer_to_a_long_query_stays_within_1024_bytes_too()
    {
        NodeProbe probe = Stocked();
        byte[] query = KrpcSamples.Query(NodeProbe.Id, "get_peers", new byte[Limits.DhtTransactionBytes], arguments =>
            arguments.Key("info_hash"u8).String(s_torrent.ToArray()).Key("x"u8).String(new byte[200]));
        BValue answer = probe.Ask(s_asker, query, out int length);
        Assert.True(answer["r"u8]["values"u8].Count > 0);
        Assert.InRange(length, Limits.DhtAnswerBytes - 100, Limits.DhtAnswerBytes);
    }
}
