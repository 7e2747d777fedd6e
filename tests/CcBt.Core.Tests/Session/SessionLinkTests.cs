using CcBt.Core.Session;
using CcBt.Core.Tests.Metainfo;
using CcBt.Core.Transport;
using CcBt.Core.Wire;
using static CcBt.Core.Tests.Session.CoreHarness;

namespace CcBt.Core.Tests.Session;

/// <summary>Links of a session: two to one peer, to ourselves, dialled and no longer wanted; and what they carried.</summary>
public sealed class SessionLinkTests
{
    private readonly CoreHarness _client = new();

    [Theory]
    [InlineData(1, true)]
    [InlineData(255, false)]
    public void Of_two_links_that_both_ends_began_at_once_the_greater_ids_stays(int theirId, bool oursStays)
    {
        // Our id begins with a hyphen (45), theirs with the number.
        SessionFront front = StartedWith(out FakeLink ours);
        FakeLink theirs = _client.Edges.Inbound(Peer(1, 50_000));
        ours.Open(front.InfoHash, IdOf(theirId));
        theirs.Arrive(front.InfoHash, IdOf(theirId));
        _client.Run();
        Assert.Equal(oursStays ? null : LinkCloseReason.Duplicate, ours.Closed);
        Assert.Equal(oursStays ? LinkCloseReason.Duplicate : null, theirs.Closed);
        Assert.Equal(1, front.Core.Links.Count);
    }

    [Fact]
    public void The_same_id_at_another_address_is_another_peer()
    {
        SessionFront front = StartedWith(out FakeLink ours);
        FakeLink other = _client.Edges.Inbound(Peer(2, 50_000));
        ours.Open(front.InfoHash, IdOf(1));
        other.Arrive(front.InfoHash, IdOf(1));
        _client.Run();
        Assert.Equal(2, front.Core.Links.Count);
    }

    [Fact]
    public void A_full_session_turns_a_newcomer_away_without_a_word()
    {
        SessionFront front = StartedWith(out FakeLink ours);
        ours.Open(front.InfoHash, IdOf(1));
        int most = front.Core.Options.MaxConnections;
        FakeLink[] flood = [.. Enumerable.Range(0, most + 10).Select(i => _client.Edges.Inbound(Peer(10 + i, 50_000)))];
        foreach (FakeLink link in flood)
            link.Arrive(front.InfoHash, IdOf(2));
        _client.Run();
        Assert.Equal(most, front.Core.Links.Count);
        Assert.All(flood[..(most - 1)], link => Assert.Null(link.Closed));
        Assert.All(flood[(most - 1)..], link => Assert.Equal((LinkCloseReason.Local, false), (link.Closed, link.IsAccepted)));
    }

    [Fact]
    public void A_link_to_ourselves_is_closed_and_never_dialled_again()
    {
        SessionFront front = StartedWith(out FakeLink link);
        link.Open(front.InfoHash, _client.Core.PeerId);
        _client.Advance(3600);
        Assert.NotNull(link.Closed);
        Assert.Single(_client.Edges.Dialled);
        Assert.Equal(0, front.AddPeers([Peer(1).ToEndPoint()]));
    }

    [Fact]
    public void A_link_that_opens_behind_the_end_of_its_session_is_closed()
    {
        SessionFront front = StartedWith(out FakeLink link);
        Task disposed = front.Handle.DisposeAsync().AsTask();
        _client.Until(() => disposed.IsCompleted);
        FakeLink late = _client.Edges.Inbound(Peer(1));
        late.Open(front.InfoHash, IdOf(1));
        _client.Run();
        Assert.NotNull(link.Closed);
        Assert.NotNull(late.Closed);
        Assert.Equal(0, _client.Core.Links.Count);
    }

    [Fact]
    public void What_a_link_carried_counts_once_before_and_after_its_end()
    {
        SessionFront front = StartedWith(out FakeLink link);
        link.Open(front.InfoHash, IdOf(1));
        _client.Run();
        link.Traffic = new LinkTraffic(1000, 10, 1100, 20);
        _client.Advance(1);
        Assert.Equal(1000, front.Board.Latest.DownloadedBytes);
        link.Traffic = new LinkTraffic(1500, 10, 1600, 20);
        link.Close(LinkCloseReason.Remote);
        _client.Run();
        Assert.Equal(1500, front.Core.Traffic.DownloadedBytes);
        _client.Advance(5);
        Assert.Equal(1500, front.Board.Latest.DownloadedBytes);
        Assert.Equal(10, front.Board.Latest.UploadedBytes);
    }

    [Fact]
    public void A_session_that_waited_for_room_to_dial_dials_when_another_one_frees_it()
    {
        var client = new CoreHarness(o => o with { MaxHalfOpenConnections = 1 });
        SessionFront first = client.Add(), second = client.Add(PrivateTorrent);
        _ = client.Start(first);
        _ = client.Start(second);
        first.AddPeers([Peer(1).ToEndPoint()]);
        client.Advance(1);
        second.AddPeers([Peer(2).ToEndPoint()]);
        client.Advance(1);
        Assert.Equal([Peer(1)], client.Edges.DialledAddresses);

        client.Edges.Dialled[0].Close(LinkCloseReason.ConnectFailed);
        client.Run();
        Assert.Equal([Peer(1), Peer(2)], client.Edges.DialledAddresses);
    }

    [Fact]
    public void A_peer_that_begins_is_allowed_those_pieces_of_its_set_that_we_have()
    {
        Torrent torrent = Torrent.Parse(TorrentBytes.Around(TorrentBytes.SingleInfo(length: 100 * TorrentBytes.PieceLength)));
        var set = new int[AllowedFastSet.UsualCount];
        AllowedFastSet.Compute(Peer(1), torrent.SwarmHash, torrent.PieceCount, set);
        _client.Edges.Files = order =>
        {
            var have = new PieceSet(order.Torrent.PieceCount);
            foreach (int piece in set[..4])
                have.Add(piece);
            return have;
        };
        SessionFront front = _client.Add(torrent);
        Assert.True(_client.Start(front).IsCompletedSuccessfully);
        FakeLink link = _client.Edges.Inbound(Peer(1, 50_000));
        link.Arrive(front.InfoHash, IdOf(1));
        _client.Run();
        link.Receive(new PeerMessage(PeerMessageKind.HaveNone));
        _client.Run();
        Assert.Equal(set[..4], link.AllowedFast);
    }

    private SessionFront StartedWith(out FakeLink link)
    {
        SessionFront front = _client.Add();
        _ = _client.Start(front);
        front.AddPeers([Peer(1).ToEndPoint()]);
        _client.Advance(1);
        link = Assert.Single(_client.Edges.Dialled);
        return front;
    }
}
