using CcBt.Core.Session;
using CcBt.Core.Trackers;
using CcBt.Core.Wire;
using static CcBt.Core.Tests.Session.CoreHarness;

namespace CcBt.Core.Tests.Session;

/// <summary>Magnet links: metadata from peers, and what it changes.</summary>
public sealed class MetadataScenarioTests
{
    private const string First = "http://one.example/announce", Second = "http://two.example/announce";

    private readonly CoreHarness _client = new();

    [Fact]
    public void Scenario23_Metadata_from_two_peers_is_applied_once()
    {
        SessionFront front = _client.AddMagnet(PlainTorrent, StartMode.WhenPeersFound, First);
        front.Door.Report(KnockSource.Dht, [Peer(1)], lookupEnded: false);
        _client.Edges.Answer(Assert.Single(_client.Edges.Announces), Peer(2));
        _client.Advance(2);
        Assert.Equal(2, _client.Edges.Dialled.Count);
        Assert.Equal(SessionState.WaitingForMetadata, front.Board.Latest.State);

        foreach (FakeLink link in _client.Edges.Dialled)
            Offer(link, PlainTorrent);
        foreach (FakeLink link in _client.Edges.Dialled)
            link.Receive(Data(PlainTorrent));
        _client.Run();

        Assert.Equal(PlainTorrent.Name, front.Torrent!.Name);
        Assert.Single(_client.Edges.Opened);
        Assert.Equal(1, front.Gate.Counters.Begun);
        Assert.Equal(SessionState.Downloading, front.Board.Latest.State);
        Assert.Equal(1, _client.Log.Count(20));
    }

    [Fact]
    public void Scenario25_A_private_torrent_listens_to_its_trackers_and_its_user_alone()
    {
        SessionFront front = _client.Add(PrivateTorrent, StartMode.WhenPeersFound, o => o with { Trackers = [First] });
        Assert.Equal(0, front.Door.Report(KnockSource.Dht, [Peer(1)], lookupEnded: true));
        Assert.Equal(0, front.Door.Report(KnockSource.PeerExchange, [Peer(2)], lookupEnded: false));
        _client.Mailbox.Post(new LocalPeerMessage(front.InfoHash, Peer(3)));
        _client.Advance(2);
        Assert.Equal(0, front.Gate.Counters.Begun);
        Assert.Empty(_client.Edges.LocalSearches);

        _client.Edges.Answer(Assert.Single(_client.Edges.Announces), Peer(4));
        front.AddPeers([Peer(5).ToEndPoint()]);
        _client.Advance(2);
        Assert.Equal([Peer(4), Peer(5)], _client.Edges.DialledAddresses.Order());
    }

    [Fact]
    public void Scenario25_A_magnet_that_turns_out_private_drops_who_came_from_elsewhere()
    {
        SessionFront front = _client.AddMagnet(PrivateTorrent, StartMode.WhenPeersFound, First);
        front.Door.Report(KnockSource.Dht, [Peer(1)], lookupEnded: false);
        front.Door.Report(KnockSource.LocalDiscovery, [Peer(2)], lookupEnded: false);
        _client.Edges.Answer(Assert.Single(_client.Edges.Announces), Peer(3));
        _client.Advance(2);
        Assert.NotEmpty(_client.Edges.LocalSearches);
        foreach (FakeLink link in _client.Edges.Dialled)
            Offer(link, PrivateTorrent);

        _client.Edges.Dialled[0].Receive(Data(PrivateTorrent));
        _client.Advance(1);

        Assert.True(front.Torrent!.IsPrivate);
        Assert.All(_client.Edges.Dialled, link => Assert.Equal(link.Remote != Peer(3), link.Closed is not null));
        Assert.Empty(_client.Edges.LocalSearches);
        Assert.Equal(0, front.Door.Report(KnockSource.Dht, [Peer(7)], lookupEnded: true));
        Assert.Equal(SessionState.Downloading, front.Board.Latest.State);
        _client.Advance(600);
        Assert.DoesNotContain(_client.Edges.DialledAddresses.Skip(3), a => a != Peer(3));
    }

    [Fact]
    public void Scenario25_The_peers_of_a_tracker_that_a_private_torrent_leaves_are_dropped()
    {
        SessionFront front = _client.Add(PrivateTorrent, StartMode.WhenPeersFound, o => o with { Trackers = [First, Second] });
        _client.Edges.Answer(Assert.Single(_client.Edges.Announces), Peer(1));
        _client.Advance(1);
        FakeLink link = Assert.Single(_client.Edges.Dialled);
        link.Open(front.InfoHash, IdOf(1));
        while (_client.Edges.Announces[^1].Order.Tracker.Text == First)
        {
            _client.Advance(1800);
            foreach ((int id, AnnounceOrder order) in _client.Edges.Announces.Skip(1).Where(a => a.Order.Tracker.Text == First))
                _client.Mailbox.Post(new AnnounceEndedMessage(id, AnnounceResult.Failed(order, TrackerFailure.ConnectFailed, "gone")));
            _client.Advance(1);
        }
        Assert.Null(link.Closed);

        _client.Edges.Answer(_client.Edges.Announces[^1], Peer(2));
        _client.Advance(1);
        Assert.NotNull(link.Closed);
        Assert.Contains(Peer(2), _client.Edges.DialledAddresses);
    }

    [Fact]
    public void Scenario27_Waiting_for_metadata_is_a_state_and_a_disk_that_hangs_is_an_error()
    {
        SessionFront front = _client.AddMagnet(PlainTorrent);
        Task start = _client.Start(front);
        _client.Advance(6 * 3600);
        Assert.False(start.IsCompleted);
        Assert.Equal(SessionState.WaitingForMetadata, front.Board.Latest.State);

        _client.Edges.OpensFiles = false;
        front.AddPeers([Peer(1).ToEndPoint()]);
        _client.Advance(1);
        Offer(_client.Edges.Dialled[0], PlainTorrent);
        _client.Edges.Dialled[0].Receive(Data(PlainTorrent));
        _client.Advance(29);
        Assert.Equal(SessionState.OpeningStorage, front.Board.Latest.State);
        _client.Advance(1.5);

        Assert.Equal(TorrentErrorCode.TimedOut, Assert.IsType<TorrentStorageException>(start.Exception!.InnerException).Code);
        Assert.Equal(TorrentErrorCode.TimedOut, front.Board.Latest.Error!.Code);
        _client.Edges.OpensFiles = true;
        _client.Advance(2);
        Assert.Equal(SessionState.Downloading, front.Board.Latest.State);
        Assert.Null(front.Board.Latest.Error);
        Assert.Equal(1, front.Gate.Counters.Retried);
    }

    private void Offer(FakeLink link, Torrent torrent)
    {
        link.Open(torrent.SwarmHash, IdOf(link.Id));
        link.Receive(PeerMessage.Extended(ExtensionIds.Handshake, new ExtensionHandshake { MetadataId = 9, MetadataSize = torrent.RawInfo.Length }.Write()));
        _client.Run();
    }

    private static PeerMessage Data(Torrent torrent)
        => PeerMessage.Extended(ExtensionIds.Metadata, new MetadataMessage(MetadataMessageKind.Data, 0, torrent.RawInfo.Length, torrent.RawInfo).Write());
}
