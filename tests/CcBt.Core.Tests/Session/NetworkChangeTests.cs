using CcBt.Core.Addressing;
using CcBt.Core.Session;
using CcBt.Core.Trackers;
using CcBt.Core.Transport;
using static CcBt.Core.Tests.Session.CoreHarness;

namespace CcBt.Core.Tests.Session;

/// <summary>Other addresses of the machine, another address towards the world, and sleep: links, sockets and announces.</summary>
public sealed class NetworkChangeTests
{
    private static readonly PeerAddress s_home = PeerAddress.FromV4(0xC0A80005, 0), s_office = PeerAddress.FromV4(0x0A000007, 0);

    private readonly CoreHarness _client = new();

    [Fact]
    public void Links_of_an_address_that_is_gone_end_and_their_peers_are_dialled_at_once()
    {
        SessionFront front = Linked(out FakeLink link);
        Change(s_office);
        _client.Advance(1.9);
        Assert.Null(link.Closed);
        _client.Advance(0.2);
        Assert.Equal(LinkCloseReason.NetworkChanged, link.Closed);
        Assert.Equal(1, _client.Edges.Renewals);
        _client.Advance(1);
        Assert.Equal([Peer(1), Peer(1)], _client.Edges.DialledAddresses);
        Assert.Equal(0, front.Core.Links.Count);
    }

    [Fact]
    public void However_many_events_tell_of_one_change_it_is_announced_once()
    {
        Linked(out _);
        Pass(120);
        int before = _client.Edges.Announces.Count;
        for (int i = 0; i < 20; i++)
        {
            Change(i % 2 == 0 ? [] : [s_home, s_office]);
            _client.Advance(0.3);
        }
        Pass(600);
        Assert.Equal(before + 1, _client.Edges.Announces.Count);
        Assert.Equal(1, _client.Core.Network.Changes);
    }

    [Fact]
    public void The_same_addresses_are_no_change()
    {
        Linked(out FakeLink link);
        Change(s_home);
        Pass(600);
        Assert.Null(link.Closed);
        Assert.Equal((0, 0), (_client.Edges.Renewals, _client.Core.Network.Changes));
    }

    [Fact]
    public void Without_any_network_nobody_is_told_until_there_is_one()
    {
        Linked(out FakeLink link);
        Pass(120);
        int before = _client.Edges.Announces.Count;
        Change();
        Pass(100);
        Assert.Equal(LinkCloseReason.NetworkChanged, link.Closed);
        Assert.Equal(before, _client.Edges.Announces.Count);
        Change(s_home);
        Pass(100);
        Assert.Equal(before + 1, _client.Edges.Announces.Count);
    }

    [Fact]
    public void A_link_in_doubt_stays_when_it_is_heard_and_goes_when_it_is_silent()
    {
        SessionFront front = Linked(out FakeLink silent);
        FakeLink talking = Link(front, 2);
        Change(s_home, s_office);
        _client.Advance(3);
        talking.Traffic = new LinkTraffic(0, 0, 4, 0);
        _client.Advance(8.5);
        Assert.Null(silent.Closed);
        _client.Advance(1);
        Assert.Equal(LinkCloseReason.NetworkChanged, silent.Closed);
        Assert.Null(talking.Closed);
        Assert.Contains(silent.Sent, m => m.Kind == CcBt.Core.Wire.PeerMessageKind.KeepAlive);
    }

    [Fact]
    public void Being_seen_elsewhere_counts_once_and_not_as_an_echo_of_our_own_change()
    {
        Linked(out _);
        Change(s_office);
        _client.Advance(3);
        Seen();
        Assert.Equal(1, _client.Core.Network.Changes);
        _client.Advance(61);
        Seen();
        Seen();
        Assert.Equal(2, _client.Core.Network.Changes);
        Assert.Equal(1, _client.Edges.Renewals);
    }

    [Fact]
    public void What_nodes_see_and_what_the_system_tells_a_moment_later_is_one_change()
    {
        Linked(out FakeLink link);
        Pass(120);
        int before = _client.Edges.Announces.Count;
        Seen();
        _client.Advance(0.3);
        Change(s_office);
        Pass(600);
        Assert.Equal(LinkCloseReason.NetworkChanged, link.Closed);
        Assert.Equal(before + 1, _client.Edges.Announces.Count);
    }

    [Theory]
    [InlineData(20, false, false)]
    [InlineData(100, false, true)]
    [InlineData(36_000, true, true)]
    public void A_sleep_ends_links_when_it_was_long_and_is_announced_once(int seconds, bool endsLinks, bool isTold)
    {
        Linked(out FakeLink link);
        Pass(120);
        int before = _client.Edges.Announces.Count;
        _client.Time.Advance(TimeSpan.FromSeconds(seconds));
        _client.Run();
        Assert.Equal(endsLinks ? LinkCloseReason.NetworkChanged : null, link.Closed);
        Assert.Equal(isTold ? 1 : 0, _client.Core.Network.Changes);
        Assert.Equal(isTold ? 1 : 0, _client.Edges.Renewals);
        Assert.Equal(before + (isTold ? 1 : 0), _client.Edges.Announces.Count);
        Pass(600);
        Assert.Equal(before + (isTold ? 1 : 0), _client.Edges.Announces.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Peers_that_all_drop_us_at_once_are_dialled_at_once_and_single_ones_are_not(bool areAll)
    {
        SessionFront front = Linked(out FakeLink first);
        FakeLink second = Link(front, 2), third = Link(front, 3);
        int before = _client.Edges.Dialled.Count;
        first.Close(LinkCloseReason.Reset);
        second.Close(LinkCloseReason.Reset);
        if (areAll)
            third.Close(LinkCloseReason.Remote);
        _client.Run();
        _client.Advance(3);
        Assert.Equal(areAll ? 3 : 0, _client.Edges.Dialled.Count - before);
        Assert.Equal(0, _client.Core.Network.Changes);
    }

    [Fact]
    public void A_link_that_its_peer_had_dropped_while_we_slept_is_dialled_at_once()
    {
        Linked(out FakeLink link);
        _client.Time.Advance(TimeSpan.FromSeconds(600));
        link.Close(LinkCloseReason.Remote);
        _client.Run();
        _client.Advance(1);
        Assert.Equal([Peer(1), Peer(1)], _client.Edges.DialledAddresses);
    }

    [Fact]
    public void A_paused_session_tells_nobody()
    {
        SessionFront front = Linked(out _);
        Task paused = front.Handle.PauseAsync();
        _client.Run();
        Pass(120);
        int before = _client.Edges.Announces.Count;
        Change(s_office);
        Pass(600);
        Assert.True(paused.IsCompleted);
        Assert.Equal(before, _client.Edges.Announces.Count);
        Assert.Single(_client.Edges.Dialled);
    }

    private SessionFront Linked(out FakeLink link)
    {
        _client.Mailbox.Post(new CallMessage(static (core, _) => core.Network.Open([s_home])));
        SessionFront front = _client.Add(change: static o => o with { Trackers = ["http://tracker.example/announce"] });
        _ = _client.Start(front);
        link = Link(front, 1);
        return front;
    }

    private FakeLink Link(SessionFront front, int number)
    {
        front.AddPeers([Peer(number).ToEndPoint()]);
        _client.Advance(1);
        FakeLink link = _client.Edges.Dialled[^1];
        link.LocalAddress = s_home;
        link.Open(front.InfoHash, IdOf(number));
        _client.Run();
        Answer();
        return link;
    }

    /// <summary>Lets time pass; the tracker answers whatever it is asked.</summary>
    private void Pass(double seconds)
    {
        for (double passed = 0; passed < seconds; passed += 10)
        {
            _client.Advance(10);
            Answer();
        }
    }

    private void Change(params PeerAddress[] addresses)
    {
        _client.Mailbox.Post(new AddressesMessage(addresses));
        _client.Run();
        Answer();
    }

    private void Seen()
    {
        _client.Mailbox.Post(new CallMessage(static (core, now) => core.Network.SeenElsewhere(now)));
        _client.Run();
        Answer();
    }

    /// <summary>The tracker answers whatever it was asked so far; what it has answered already is ignored.</summary>
    private void Answer()
    {
        foreach ((int Id, AnnounceOrder Order) announce in _client.Edges.Announces)
            _client.Edges.Answer(announce);
        _client.Run();
    }
}
