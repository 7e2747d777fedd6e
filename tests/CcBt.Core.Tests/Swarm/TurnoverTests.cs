using CcBt.Core.Addressing;
using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>Who gives its place to others when all places are taken by peers that give and take nothing.</summary>
public sealed class TurnoverTests
{
    private const int Idle = Limits.IdleLinkSeconds;
    private static readonly PieceMap Map = new(50, 2 * BlockAddress.Size, 100 * BlockAddress.Size);

    private readonly TorrentSwarm _swarm = new(new SwarmOptions(), new Random(1));
    private int _places = 1;

    [Fact]
    public void A_peer_that_chokes_us_for_ever_makes_room()
    {
        Arm(complete: false);
        Open(1, 0);
        Say(1, PeerMessageKind.HaveAll, 0);
        MakeWait();
        Assert.Empty(ClosedAt(Idle - 1));
        Assert.Equal([1], ClosedAt(Idle));
    }

    [Fact]
    public void A_peer_that_claims_interest_and_asks_for_nothing_makes_room_after_its_turn()
    {
        Arm(complete: true);
        Open(1, 0);
        Say(1, PeerMessageKind.HaveNone, 0);
        Say(1, PeerMessageKind.Interested, Idle - 10);
        MakeWait();
        // It has just been let in: for half a minute it may begin to ask.
        Assert.Empty(ClosedAt(Idle + 19));
        Assert.Equal([1], ClosedAt(Idle + 20));
    }

    [Fact]
    public void A_peer_that_waits_for_us_keeps_its_place_for_longer_and_not_for_ever()
    {
        Arm(complete: true);
        _swarm.SetUnchokeSlots(0, TimeSpan.Zero);
        Open(1, 0);
        Say(1, PeerMessageKind.HaveNone, 0);
        Say(1, PeerMessageKind.Interested, 0);
        MakeWait();
        Assert.Empty(ClosedAt(Limits.WaitingLinkSeconds - 5));
        Assert.Equal([1], ClosedAt(Limits.WaitingLinkSeconds));
    }

    [Fact]
    public void A_block_in_either_direction_keeps_the_place()
    {
        Arm(complete: false);
        Open(1, 0);
        _swarm.SetUploaded(1, 1, TimeSpan.FromSeconds(100));
        Say(1, PeerMessageKind.HaveAll, 100);
        Say(1, PeerMessageKind.Unchoke, 110);
        BlockAddress asked = FirstAsked();
        MakeWait();
        _swarm.BlocksReceived(1, [new BlockReceipt(asked, true)], 1, TimeSpan.FromSeconds(112));
        Say(1, PeerMessageKind.Choke, 113);
        Say(1, PeerMessageKind.Interested, 113);
        Assert.Empty(ClosedAt(Idle + 111));
        Assert.Equal([1], ClosedAt(Idle + 112));
    }

    [Fact]
    public void What_was_uploaded_counts_and_saying_it_again_does_not()
    {
        Arm(complete: true);
        Open(1, 0);
        MakeWait();
        _swarm.SetUploaded(1, 1, TimeSpan.FromSeconds(100));
        _swarm.SetUploaded(1, 1, TimeSpan.FromSeconds(200));
        Assert.Empty(ClosedAt(Idle + 95));
        Assert.Equal([1], ClosedAt(Idle + 100));
    }

    [Fact]
    public void One_goes_at_a_time_the_one_over_which_nothing_moved_for_longest()
    {
        _places = 3;
        Arm(complete: false);
        for (int link = 1; link <= 3; link++)
            Open(link, 10 * (4 - link));
        MakeWait();
        Assert.Equal([3], ClosedAt(Idle + 100));
        Assert.Empty(ClosedAt(Idle + 101));
        _swarm.LinkClosed(3, false, TimeSpan.FromSeconds(Idle + 101));
        Assert.Contains(Outputs.Of(_swarm), o => o.Kind == SwarmOutputKind.Dial);
        // Nobody waits any more.
        Assert.Empty(ClosedAt(Idle + 102));
    }

    [Fact]
    public void An_inbound_newcomer_takes_an_idle_place_and_no_other()
    {
        _places = 2;
        Arm(complete: false);
        Open(1, 0);
        Open(2, 10);
        Assert.False(_swarm.WouldYieldTo(VirtualSwarm.Address(3), TimeSpan.FromSeconds(Idle - 1)));
        Open(3, Idle - 1, outbound: false);
        Assert.Equal([3], Closed());
        _swarm.LinkClosed(3, false, TimeSpan.FromSeconds(Idle));
        Assert.True(_swarm.WouldYieldTo(VirtualSwarm.Address(4), TimeSpan.FromSeconds(Idle)));
        Open(4, Idle, outbound: false);
        Assert.Equal([1], Closed());
        Open(5, Idle, outbound: false);
        Assert.Equal([5], Closed());
    }

    [Fact]
    public void Who_was_idle_takes_no_place_from_others_for_ten_minutes()
    {
        Arm(complete: false);
        Open(1, 0, outbound: false);
        Open(2, Idle, outbound: false);
        Assert.Equal([1], Closed());
        _swarm.LinkClosed(1, false, TimeSpan.FromSeconds(Idle));
        int rested = Idle + Limits.IdlePeerRestSeconds;
        Assert.False(_swarm.WouldYieldTo(VirtualSwarm.Address(1), TimeSpan.FromSeconds(rested - 1)));
        Assert.True(_swarm.WouldYieldTo(VirtualSwarm.Address(3), TimeSpan.FromSeconds(rested - 1)));
        Assert.True(_swarm.WouldYieldTo(VirtualSwarm.Address(1), TimeSpan.FromSeconds(rested)));
    }

    [Fact]
    public void Who_was_idle_is_not_dialed_for_ten_minutes_though_there_is_room()
    {
        Arm(complete: false);
        _swarm.AddCandidates([VirtualSwarm.Address(1)], PeerSource.Tracker, TimeSpan.Zero);
        Outputs.Of(_swarm);
        Open(1, 0);
        MakeWait();
        Assert.Equal([1], ClosedAt(Idle));
        _swarm.SetBudget(new ConnectionBudget(5, 5), TimeSpan.FromSeconds(Idle));
        _swarm.LinkClosed(1, false, TimeSpan.FromSeconds(Idle));
        Outputs.Of(_swarm);
        int rested = Idle + Limits.IdlePeerRestSeconds;
        Assert.DoesNotContain(DialedAt(rested - 1), a => a == VirtualSwarm.Address(1));
        Assert.Contains(DialedAt(rested), a => a == VirtualSwarm.Address(1));
    }

    [Fact]
    public void Who_was_choked_again_after_its_turn_waits_for_us_no_longer()
    {
        Arm(complete: true);
        Open(1, 0);
        Say(1, PeerMessageKind.HaveNone, 0);
        Say(1, PeerMessageKind.Interested, Idle - 10);
        _swarm.SetUnchokeSlots(0, TimeSpan.FromSeconds(Idle - 8));
        MakeWait();
        Assert.Empty(ClosedAt(Idle - 6));
        Assert.Equal([1], ClosedAt(Idle));
    }

    [Fact]
    public void When_very_many_were_idle_all_but_the_last_may_come_again()
    {
        TimeSpan now = TimeSpan.FromSeconds(Idle);
        var links = new LinkTable();
        var turnover = new Turnover(links, new SwarmOptions());
        SwarmLink idle = Link(0);
        links.Add(idle);
        for (int i = 1; i <= Limits.FormerLinks; i++)
            turnover.PutOff(Link(i), now);
        Assert.Null(turnover.FindFor(VirtualSwarm.Address(1), now));
        Assert.Null(turnover.FindFor(VirtualSwarm.Address(Limits.FormerLinks), now));
        turnover.PutOff(Link(Limits.FormerLinks + 1), now);
        Assert.Equal(idle, turnover.FindFor(VirtualSwarm.Address(1), now));
        Assert.Null(turnover.FindFor(VirtualSwarm.Address(Limits.FormerLinks + 1), now));

        static SwarmLink Link(int id) => new(id, VirtualSwarm.Address(id), isOutbound: false, isFast: true, TimeSpan.Zero);
    }

    [Fact]
    public void A_client_without_room_for_dials_notices_that_others_wait()
    {
        Arm(complete: false);
        Open(1, 0);
        _swarm.SetBudget(new ConnectionBudget(1, 0), TimeSpan.Zero);
        MakeWait();
        Assert.Equal([1], ClosedAt(Idle));
    }

    [Fact]
    public void Nobody_loses_a_place_for_what_could_not_move()
    {
        Arm(complete: false, at: 100);
        Open(1, 100);
        MakeWait();
        // The disk takes nothing for a while.
        _swarm.PieceWriteFailed(0, TimeSpan.FromSeconds(395));
        Assert.Empty(ClosedAt(396));
        Assert.Empty(ClosedAt(Idle + 395));
        Assert.Equal([1], ClosedAt(Idle + 396));
    }

    [Fact]
    public void Time_before_the_metadata_was_known_does_not_count()
    {
        _swarm.SetBudget(new ConnectionBudget(1, 5), TimeSpan.Zero);
        Open(1, 0);
        MakeWait();
        Arm(complete: false, at: 200);
        Assert.Empty(ClosedAt(Idle + 199));
        Assert.Equal([1], ClosedAt(Idle + 200));
    }

    private void Arm(bool complete, int at = 0)
    {
        var all = new PieceSet(Map.PieceCount);
        all.Fill();
        _swarm.SetBudget(new ConnectionBudget(_places, 5), TimeSpan.FromSeconds(at));
        _swarm.Arm(Map, complete ? all : new PieceSet(Map.PieceCount), all, TimeSpan.FromSeconds(at));
    }

    private void Open(int link, int second, bool outbound = true)
        => _swarm.LinkOpened(link, VirtualSwarm.Address(link), outbound, true, TimeSpan.FromSeconds(second));

    private void Say(int link, PeerMessageKind kind, int second)
        => Assert.Equal(SwarmError.None, _swarm.Handle(link, new PeerMessage(kind), TimeSpan.FromSeconds(second)));

    private BlockAddress FirstAsked()
    {
        while (_swarm.TryTake(out SwarmOutput output))
        {
            if (output.Kind == SwarmOutputKind.Lease)
                return _swarm.Blocks[0];
        }
        throw new InvalidOperationException("Nothing was asked.");
    }

    private void MakeWait()
    {
        _swarm.AddCandidates([VirtualSwarm.Address(99)], PeerSource.Tracker, TimeSpan.Zero);
        Outputs.Of(_swarm);
    }

    private List<int> ClosedAt(int second)
    {
        _swarm.Advance(TimeSpan.FromSeconds(second));
        return Closed();
    }

    private List<PeerAddress> DialedAt(int second)
    {
        _swarm.Advance(TimeSpan.FromSeconds(second));
        return [.. Outputs.Of(_swarm).Where(o => o.Kind == SwarmOutputKind.Dial).Select(o => o.Address)];
    }

    private List<int> Closed() => [.. Outputs.Of(_swarm).Where(o => o.Kind == SwarmOutputKind.Close).Select(o => o.Link)];
}
