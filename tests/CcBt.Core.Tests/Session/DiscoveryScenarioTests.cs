using CcBt.Core.Addressing;
using CcBt.Core.Session;
using CcBt.Core.Storage;
using CcBt.Core.Trackers;
using CcBt.Core.Wire;
using static CcBt.Core.Tests.Session.CoreHarness;

namespace CcBt.Core.Tests.Session;

/// <summary>Discoveries and whole sessions: what reaches the swarm, and what begins a start.</summary>
public sealed class DiscoveryScenarioTests
{
    private readonly CoreHarness _client = new(o => o with { MaxHalfOpenConnections = 1000, MaxConnections = 1000 });

    [Fact]
    public void Scenario02_Every_peer_of_callbacks_at_once_reaches_the_swarm()
    {
        SessionFront front = _client.Add(start: StartMode.WhenPeersFound, change: o => o with { MaxConnections = 1000 });
        using var barrier = new Barrier(16);
        Thread[] threads = [.. Enumerable.Range(0, 16).Select(t => new Thread(() =>
        {
            barrier.SignalAndWait();
            for (int i = 0; i < 10; i++)
                front.Door.Report(KnockSource.Dht, [Peer(10 * t + i), Peer(500)], lookupEnded: false);
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        _client.Advance(20);

        Assert.Equal(161, front.Board.Latest.KnownPeers);
        Assert.Equal(Enumerable.Range(0, 160).Append(500).Select(n => Peer(n)).ToHashSet(), _client.Edges.DialledAddresses.ToHashSet());
        Assert.Equal(1, front.Gate.Counters.Begun);
        Assert.Single(_client.Edges.Opened);
    }

    [Theory]
    [InlineData(nameof(KnockSource.Dht))]
    [InlineData(nameof(KnockSource.Tracker))]
    [InlineData(nameof(KnockSource.LocalDiscovery))]
    [InlineData(nameof(KnockSource.Manual))]
    public void Scenario14_Peers_found_while_paused_start_nothing_and_are_there_on_resume(string source)
    {
        SessionFront front = _client.Add(start: StartMode.WhenPeersFound, change: o => o with { Trackers = ["http://tracker.example/announce"] });
        (int, AnnounceOrder) announce = Assert.Single(_client.Edges.Announces);
        _ = front.PauseAsync();
        _client.Run();

        Discover(front, Enum.Parse<KnockSource>(source), announce);
        _client.Advance(100);

        Assert.Equal(0, front.Gate.Counters.Begun);
        Assert.Empty(_client.Edges.Dialled);
        Assert.Equal(SessionState.Paused, front.Board.Latest.State);
        _ = _client.Start(front);
        _client.Advance(2);
        Assert.Equal([Peer(3)], _client.Edges.DialledAddresses);
        Assert.Equal(1, front.Gate.Counters.Begun);
    }

    [Theory]
    [InlineData(nameof(KnockSource.Dht))]
    [InlineData(nameof(KnockSource.Tracker))]
    [InlineData(nameof(KnockSource.PeerExchange))]
    [InlineData(nameof(KnockSource.LocalDiscovery))]
    [InlineData(nameof(KnockSource.Inbound))]
    [InlineData(nameof(KnockSource.Manual))]
    [InlineData(nameof(KnockSource.SavedState))]
    public async Task Scenario22_Each_source_passes_the_one_door(string source)
    {
        var from = Enum.Parse<KnockSource>(source);
        var seen = new TaskCompletionSource<PeersDiscoveredEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Watch(SessionFront watched) => watched.Handle.PeersDiscovered += (_, e) =>
        {
            if (e.Source == (PeerSource)from)
                seen.TrySetResult(e);
        };
        SessionFront front = from == KnockSource.SavedState
            ? Restored(Watch)
            : _client.Add(start: StartMode.WhenPeersFound, change: o => o with { Trackers = ["http://tracker.example/announce"] });
        if (from != KnockSource.SavedState)
            Watch(front);

        Discover(front, from, _client.Edges.Announces.LastOrDefault());
        _client.Advance(2);
        PeersDiscoveredEventArgs raised = await seen.Task.WaitAsync(LoopbackSwarm.Patience);

        Assert.Equal(Peer(3).ToEndPoint().Address, Assert.Single(raised.Peers).Address);
        Assert.Equal(1, front.Gate.Counters.Begun);
        Assert.Equal(from == KnockSource.Inbound ? [] : [Peer(3)], _client.Edges.DialledAddresses.Where(a => a == Peer(3)));
    }

    [Fact]
    public void Scenario24_What_is_no_peer_starts_nothing()
    {
        SessionFront front = _client.Add(start: StartMode.WhenPeersFound);
        _client.Own.Add(Peer(9));
        front.Seen.Ban(Peer(8));

        Assert.Equal(0, front.Door.Report(KnockSource.Dht, [], lookupEnded: true));
        Assert.Equal(0, front.Door.Report(KnockSource.Tracker, [Peer(9), Peer(8, 1234), Peer(7, 0)], lookupEnded: true));
        _client.Advance(5);
        Assert.Equal(new StartCounters(0, 0, 0, 0, 0), front.Gate.Counters);
        Assert.Equal(0, front.Board.Latest.KnownPeers);

        Assert.Equal(1, front.Door.Report(KnockSource.Dht, [Peer(1), Peer(1), Peer(9)], lookupEnded: false));
        Assert.Equal(0, front.Door.Report(KnockSource.Tracker, [Peer(1)], lookupEnded: true));
        _client.Advance(5);
        Assert.Equal([Peer(1)], _client.Edges.DialledAddresses);
        Assert.Equal(1, front.Gate.Counters.Begun);
    }

    [Fact]
    public void Scenario24_A_session_that_is_not_armed_keeps_peers_and_begins_nothing()
    {
        SessionFront front = _client.Add();
        Assert.Equal(1, front.AddPeers([Peer(1).ToEndPoint()]));
        _client.Advance(100);

        Assert.Equal(0, front.Gate.Counters.Begun);
        Assert.Equal(1, front.Board.Latest.KnownPeers);
        Assert.Empty(_client.Edges.Dialled);
        Assert.Empty(_client.Edges.LocalSearches);
    }

    [Fact]
    public void Scenario26_Another_info_hash_and_a_removed_session_hear_nothing()
    {
        SessionFront front = _client.Add(start: StartMode.WhenPeersFound);
        _client.Mailbox.Post(new LocalPeerMessage(PrivateTorrent.SwarmHash, Peer(1)));
        FakeLink stranger = _client.Edges.Inbound(Peer(2));
        stranger.Arrive(PrivateTorrent.SwarmHash, IdOf(2));
        _client.Run();
        Assert.NotNull(stranger.Closed);
        Assert.Equal(0, front.Gate.Counters.Begun);

        Task removed = front.Handle.RemoveAsync(deleteFiles: false);
        _client.Until(() => removed.IsCompleted);
        Assert.Equal(0, front.Door.Report(KnockSource.Dht, [Peer(3)], lookupEnded: true));
        _client.Mailbox.Post(new LocalPeerMessage(front.InfoHash, Peer(3)));
        _client.Advance(10);
        Assert.Equal(0, front.Gate.Counters.Begun);
        Assert.Empty(_client.Edges.Dialled);
        Assert.Null(_client.Core.Find(front.InfoHash));
    }

    private SessionFront Restored(Action<SessionFront> before)
    {
        var peers = new byte[CompactAddresses.V4Length];
        CompactAddresses.Write(Peer(3), peers);
        var options = new AddTorrentOptions { SaveDirectory = "/downloads", Start = StartMode.WhenPeersFound };
        return _client.Add(new SessionSetup(PlainTorrent.SwarmHash, PlainTorrent, null, options, new ResumeData { Peers = peers }), before);
    }

    /// <summary>The source finds peer 3, in the way in which it would.</summary>
    private void Discover(SessionFront front, KnockSource source, (int, AnnounceOrder) announce)
    {
        switch (source)
        {
            case KnockSource.Dht:
                _client.On(front, (session, now) => session.Lookups.PeersFound([Peer(3)], now));
                break;
            case KnockSource.Tracker:
                _client.Edges.Answer(announce, Peer(3));
                break;
            case KnockSource.LocalDiscovery:
                _client.Mailbox.Post(new LocalPeerMessage(front.InfoHash, Peer(3)));
                break;
            case KnockSource.Manual:
                front.AddPeers([Peer(3).ToEndPoint()]);
                break;
            case KnockSource.Inbound:
                _client.Edges.Inbound(Peer(3, 50_000)).Arrive(front.InfoHash, IdOf(3));
                break;
            case KnockSource.PeerExchange:
                FakeLink gossip = _client.Edges.Inbound(Peer(4, 50_000));
                gossip.Arrive(front.InfoHash, IdOf(4));
                var message = new PexMessage();
                message.Added.Add(new PexPeer(Peer(3), PexFlags.None));
                gossip.Receive(PeerMessage.Extended(ExtensionIds.Pex, message.Write()));
                break;
        }
        _client.Run();
    }
}
