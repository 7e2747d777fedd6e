using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>When the swarm wants to be called, and what it does as time goes by.</summary>
public sealed class SwarmClockTests
{
    private const int PieceLength = 2 * BlockAddress.Size;

    private readonly TorrentSwarm _swarm = new(new SwarmOptions(), new Random(1));

    [Fact]
    public void The_first_link_starts_the_clock_and_later_ones_leave_it_alone()
    {
        Assert.Equal(TimeSpan.MaxValue, _swarm.NextDeadline);
        Open(1, 100);
        Assert.Equal(Seconds(100), _swarm.NextDeadline);
        _swarm.Advance(Seconds(100));
        Assert.Equal(Seconds(100.5), _swarm.NextDeadline);
        Open(2, 100.2);
        Assert.Equal(Seconds(100.5), _swarm.NextDeadline);
    }

    [Fact]
    public void A_seed_that_serves_nobody_looks_around_less_often()
    {
        Arm(have: 4);
        Open(1, 100);
        Say(1, PeerMessageKind.HaveNone, 100);
        _swarm.Advance(Seconds(100));
        Assert.Equal(Seconds(105), _swarm.NextDeadline);
        Say(1, PeerMessageKind.Interested, 101);
        _swarm.Advance(Seconds(105));
        Assert.Equal(Seconds(105.5), _swarm.NextDeadline);
    }

    [Fact]
    public void A_piece_that_rests_keeps_the_clock_going_without_a_link()
    {
        Arm(have: 0);
        Open(1, 100);
        _swarm.Advance(Seconds(100));
        _swarm.LinkClosed(1, false, Seconds(100));
        Outputs.Of(_swarm);
        Assert.Equal(TimeSpan.MaxValue, _swarm.NextDeadline);
        _swarm.PieceWriteFailed(0, Seconds(100));
        Assert.Equal(Seconds(100.5), _swarm.NextDeadline);
        _swarm.Advance(Seconds(110));
        Assert.Equal(TimeSpan.MaxValue, _swarm.NextDeadline);
    }

    [Fact]
    public void What_could_not_be_kept_is_asked_again_after_its_rest()
    {
        Arm(have: 3);
        Open(1, 100);
        Say(1, PeerMessageKind.HaveAll, 100);
        Say(1, PeerMessageKind.Unchoke, 100);
        Assert.Equal(2, Asked());
        _swarm.PieceWriteFailed(3, Seconds(101));
        _swarm.Advance(Seconds(110.9));
        Assert.Equal(0, Asked());
        _swarm.Advance(Seconds(111.4));
        Assert.Equal(2, Asked());
    }

    [Fact]
    public void A_piece_that_failed_before_it_was_begun_rests_too()
    {
        Arm(have: 3);
        _swarm.PieceWriteFailed(3, Seconds(100));
        Open(1, 100);
        // Another piece that is kept ends the rest of the disk, not that of the piece.
        _swarm.PieceLost(0, Seconds(101));
        _swarm.PieceVerified(0, Seconds(101));
        Say(1, PeerMessageKind.HaveAll, 101);
        Say(1, PeerMessageKind.Unchoke, 101);
        Assert.Equal(0, Asked());
        _swarm.Advance(Seconds(110));
        Assert.Equal(2, Asked());
    }

    [Fact]
    public void A_piece_that_is_kept_ends_the_rest_of_the_disk_at_once()
    {
        Arm(have: 0);
        Open(1, 100);
        Say(1, PeerMessageKind.HaveAll, 100);
        _swarm.PieceWriteFailed(0, Seconds(100));
        Say(1, PeerMessageKind.Unchoke, 100);
        Assert.Equal(0, Asked());
        _swarm.PieceVerified(1, Seconds(101));
        Assert.Equal(4, Asked());
    }

    [Fact]
    public void What_a_peer_refused_is_asked_from_it_again_after_a_minute()
    {
        Arm(have: 3);
        Open(1, 100);
        Say(1, PeerMessageKind.HaveAll, 100);
        Say(1, PeerMessageKind.Unchoke, 100);
        Assert.Equal(2, Asked());
        _swarm.Advance(Seconds(100));
        foreach (int begin in (int[])[0, BlockAddress.Size])
            Assert.Equal(SwarmError.None, _swarm.Handle(1, PeerMessage.Reject(new BlockAddress(3, begin, BlockAddress.Size)), Seconds(101)));
        _swarm.Advance(Seconds(159.9));
        Assert.Equal(0, Asked());
        for (double second = 160; second < 162; second += 0.5)
            _swarm.Advance(Seconds(second));
        Assert.True(Asked() > 0);
    }

    [Fact]
    public void A_snubbed_peer_that_wants_something_keeps_its_place()
    {
        Arm(have: 3);
        _swarm.SetBudget(new ConnectionBudget(1, 5), Seconds(100));
        Open(1, 100);
        Say(1, PeerMessageKind.HaveNone, 100);
        Assert.Equal(SwarmError.None, _swarm.Handle(1, PeerMessage.Have(3), Seconds(100)));
        Say(1, PeerMessageKind.Unchoke, 100);
        Say(1, PeerMessageKind.Interested, 100);
        _swarm.AddCandidates([VirtualSwarm.Address(9)], PeerSource.Tracker, Seconds(100));
        Outputs.Of(_swarm);
        _swarm.Advance(Seconds(100 + Limits.SnubSeconds));
        Assert.True(_swarm.Link(1, Seconds(130))!.Value.IsSnubbed);
        _swarm.Advance(Seconds(101 + Limits.SnubSeconds + Limits.SnubbedLinkSeconds));
        Assert.DoesNotContain(Outputs.Of(_swarm), o => o.Kind == SwarmOutputKind.Close);
        Say(1, PeerMessageKind.NotInterested, 102 + Limits.SnubSeconds + Limits.SnubbedLinkSeconds);
        _swarm.Advance(Seconds(102 + Limits.SnubSeconds + Limits.SnubbedLinkSeconds));
        Assert.Contains(Outputs.Of(_swarm), o => o.Reason == SwarmCloseReason.Snubbed);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    /// <summary>Four pieces, of which we have so many.</summary>
    private void Arm(int have)
    {
        var had = new PieceSet(4);
        for (int piece = 0; piece < have; piece++)
            had.Add(piece);
        var all = new PieceSet(4);
        all.Fill();
        _swarm.Arm(new PieceMap(4, PieceLength, 4 * PieceLength), had, all, Seconds(100));
        Outputs.Of(_swarm);
    }

    private void Open(int link, double second) => _swarm.LinkOpened(link, VirtualSwarm.Address(link), true, true, Seconds(second));

    private void Say(int link, PeerMessageKind kind, double second)
        => Assert.Equal(SwarmError.None, _swarm.Handle(link, new PeerMessage(kind), Seconds(second)));

    /// <summary>How many blocks were asked since the last call.</summary>
    private int Asked()
    {
        int asked = 0;
        while (_swarm.TryTake(out SwarmOutput output))
            asked += output.Kind == SwarmOutputKind.Lease ? _swarm.Blocks.Length : 0;
        return asked;
    }
}
