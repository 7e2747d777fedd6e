using CcBt.Core.Addressing;
using CcBt.Core.Session;
using CcBt.Core.Transport;
using CcBt.Core.Wire;
using static CcBt.Core.Tests.Session.CoreHarness;

namespace CcBt.Core.Tests.Session;

/// <summary>What peers may ask of a client: how many, how often, and what happens to liars.</summary>
public sealed class HostilePeerTests
{
    [Fact]
    public void Links_beyond_the_clients_bound_are_closed_unheard()
    {
        var client = new CoreHarness(o => o with { MaxConnections = 3 });
        SessionFront front = Started(client);
        FakeLink[] links = [.. Enumerable.Range(1, 10).Select(i => client.Edges.Inbound(Peer(i)))];
        for (int i = 0; i < links.Length; i++)
            links[i].Arrive(front.InfoHash, IdOf(i + 1));
        client.Run();
        Assert.Equal(3, links.Count(link => link.IsAccepted));
        Assert.Equal(3, client.Core.Links.Count);
        Assert.All(links.Where(link => !link.IsAccepted), link => Assert.True(link is { Closed: not null, Sent.Count: 0 }));
    }

    [Fact]
    public void Two_hundred_connections_are_the_default() => Assert.Equal(200, new TorrentClientOptions().MaxConnections);

    [Fact]
    public void Who_names_an_unknown_torrent_hears_nothing()
    {
        var client = new CoreHarness();
        Started(client);
        FakeLink link = client.Edges.Inbound(Peer(1));
        link.Arrive(PrivateTorrent.SwarmHash, IdOf(1));
        client.Run();
        Assert.Equal(LinkCloseReason.HandshakeRefused, link.Closed);
        Assert.False(link.IsAccepted);
        Assert.Empty(link.Sent);
    }

    [Fact]
    public void Thirty_dials_a_second_are_begun_over_all_sessions_and_each_has_its_turn()
    {
        var client = new CoreHarness(o => o with { MaxConnections = 10_000, MaxHalfOpenConnections = 1000 });
        var fronts = new List<SessionFront>();
        for (int i = 0; i < 5; i++)
        {
            Torrent torrent = Torrent.Parse(Metainfo.TorrentBytes.Around(Metainfo.TorrentBytes.SingleInfo($"file{i}")));
            fronts.Add(client.Add(torrent, StartMode.WhenPeersFound));
            fronts[i].AddPeers([.. Enumerable.Range(0, 90).Select(p => Peer(1000 * (i + 1) + p).ToEndPoint())]);
        }
        client.Run();
        Assert.Equal(Limits.DialsPerSecond, client.Edges.Dialled.Count);
        for (int second = 1; second <= 6; second++)
        {
            client.Advance(1);
            Assert.InRange(client.Edges.Dialled.Count, Limits.DialsPerSecond * second, Limits.DialsPerSecond * (second + 1));
        }
        foreach (int session in Enumerable.Range(1, 5))
            Assert.Contains(client.Edges.DialledAddresses, a => a.CompareTo(Peer(1000 * session, 0)) > 0 && a.CompareTo(Peer(1000 * session + 90, 0)) < 0);
        client.Advance(60);
        Assert.Equal(5 * 90, client.Edges.Dialled.Count);
    }

    [Fact]
    public void A_peer_may_exchange_once_a_minute_and_five_times_too_early()
    {
        (CoreHarness client, FakeLink honest) = Linked();
        // Its clock runs a little fast, and its messages come in pairs now and then.
        for (int i = 0; i < 600; i++)
        {
            honest.Receive(Exchange());
            client.Advance(i % 10 == 0 ? 0 : i % 10 == 1 ? 119 : 59);
        }
        Assert.Null(honest.Closed);

        (client, FakeLink flood) = Linked();
        for (int i = 0; i <= Limits.PexEarlyMessages; i++)
            flood.Receive(Exchange());
        client.Run();
        Assert.Null(flood.Closed);
        flood.Receive(Exchange());
        client.Run();
        Assert.Equal(LinkCloseReason.ProtocolError, flood.Closed);

        (client, FakeLink steady) = Linked();
        for (int i = 0; i < 15; i++)
        {
            steady.Receive(Exchange());
            client.Advance(30);
        }
        Assert.Equal(LinkCloseReason.ProtocolError, steady.Closed);
    }

    [Theory]
    [InlineData(0x55000001u, 1)]
    [InlineData(0x0A000001u, 2)]
    [InlineData(0x7F000002u, 2)]
    public void A_peer_names_addresses_of_the_internet_and_of_its_own_kind_only(uint remote, int believed)
    {
        (CoreHarness client, FakeLink link) = Linked(PeerAddress.FromV4(remote, 6881));
        client.Run();
        int before = client.Edges.Dialled.Count;
        link.Receive(Exchange(PeerAddress.FromV4(0x0A000009, 80), PeerAddress.FromV4(0x7F000009, 80), Peer(9), PeerAddress.FromV4(0xE0000001, 80)));
        client.Advance(2);
        Assert.Equal(believed, client.Edges.Dialled.Count - before);
    }

    [Fact]
    public void A_peer_that_gave_false_metadata_is_out_for_five_minutes()
    {
        var client = new CoreHarness();
        SessionFront front = client.AddMagnet(PlainTorrent, StartMode.WhenPeersFound);
        front.Door.Report(KnockSource.Tracker, [Peer(1)], lookupEnded: true);
        client.Advance(1);
        FakeLink liar = Assert.Single(client.Edges.Dialled);
        liar.Open(front.InfoHash, IdOf(1));
        byte[] lie = new byte[1000];
        liar.Receive(PeerMessage.Extended(ExtensionIds.Handshake, new ExtensionHandshake { MetadataId = 9, MetadataSize = lie.Length }.Write()));
        client.Run();
        liar.Receive(PeerMessage.Extended(ExtensionIds.Metadata, new MetadataMessage(MetadataMessageKind.Data, 0, lie.Length, lie).Write()));
        client.Run();
        Assert.Equal(LinkCloseReason.Banned, liar.Closed);

        TimeSpan convicted = client.Time.Elapsed;
        FakeLink back = client.Edges.Inbound(Peer(1, 50_000));
        back.Arrive(front.InfoHash, IdOf(1));
        client.Advance(Limits.MetadataLiarSeconds - 1);
        Assert.NotNull(back.Closed);
        Assert.False(back.IsAccepted);
        Assert.Single(client.Edges.Dialled);
        Assert.Null(front.Torrent);
        client.Advance(2);
        Assert.True(client.Time.Elapsed >= convicted + TimeSpan.FromSeconds(Limits.MetadataLiarSeconds));
        Assert.Equal(2, client.Edges.Dialled.Count);
        FakeLink again = client.Edges.Inbound(Peer(1, 50_001));
        again.Arrive(front.InfoHash, IdOf(2));
        client.Run();
        Assert.True(again.IsAccepted);
    }

    private static PeerMessage Exchange(params PeerAddress[] added)
    {
        var message = new PexMessage();
        message.Added.AddRange(added.Select(address => new PexPeer(address, PexFlags.None)));
        return PeerMessage.Extended(ExtensionIds.Pex, message.Write());
    }

    private static SessionFront Started(CoreHarness client)
    {
        SessionFront front = client.Add();
        client.Start(front);
        return front;
    }

    private static (CoreHarness Client, FakeLink Link) Linked(PeerAddress? from = null)
    {
        var client = new CoreHarness();
        SessionFront front = Started(client);
        FakeLink link = client.Edges.Inbound(from ?? Peer(1));
        link.Arrive(front.InfoHash, IdOf(1));
        client.Run();
        Assert.True(link.IsAccepted);
        return (client, link);
    }

    [Fact]
    public void Five_hundred_requests_are_offered()
    {
        (CoreHarness client, FakeLink link) = Linked();
        client.Run();
        PeerMessage first = link.Sent.First(message => message.Kind == PeerMessageKind.Extended);
        Assert.True(ExtensionHandshake.TryRead(first.Payload, out ExtensionHandshake ours));
        Assert.Equal(Limits.AdvertisedRequests, ours.RequestQueue);
    }
}
