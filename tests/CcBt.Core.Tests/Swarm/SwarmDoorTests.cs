using CcBt.Core.Addressing;
using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>Whom the swarm keeps out or sends away, and what it still hears of those who go or are not known.</summary>
public sealed class SwarmDoorTests
{
    private static readonly TimeSpan Now = TimeSpan.FromSeconds(100);

    private readonly TorrentSwarm _swarm = new(new SwarmOptions(), new Random(1));

    [Fact]
    public void Who_is_banned_or_put_out_is_refused()
    {
        TimeSpan until = Now + TimeSpan.FromSeconds(60);
        Open(1);
        Open(2);
        Assert.False(_swarm.Refuses(VirtualSwarm.Address(1), Now));
        _swarm.PutOut(1, until, Now);
        _swarm.PutOut(99, until, Now);
        Assert.Equal([(1, SwarmCloseReason.Banned)], Closed());
        _swarm.PieceFailed(0, [new BlockContribution(0, 2, default)], Now);
        Assert.Equal([(2, SwarmCloseReason.Banned)], Closed());
        Assert.True(_swarm.Refuses(VirtualSwarm.Address(1), until - TimeSpan.FromSeconds(1)));
        Assert.False(_swarm.Refuses(VirtualSwarm.Address(1), until));
        Assert.True(_swarm.Refuses(VirtualSwarm.Address(2), until));
        Open(3, VirtualSwarm.Address(1).WithPort(9));
        Assert.Equal([(3, SwarmCloseReason.Banned)], Closed());
    }

    [Fact]
    public void With_an_unknown_giver_nobody_is_the_only_one_to_blame()
    {
        Open(1);
        _swarm.PieceFailed(0, [new BlockContribution(0, 1, default), new BlockContribution(1, 99, default)], Now);
        Assert.Empty(Closed());
        Assert.False(_swarm.IsBanned(VirtualSwarm.Address(1)));
    }

    [Fact]
    public void A_private_torrent_parts_from_those_that_no_tracker_named()
    {
        _swarm.AddCandidates([VirtualSwarm.Address(1)], PeerSource.Tracker, Now);
        _swarm.AddCandidates([VirtualSwarm.Address(2)], PeerSource.Dht, Now);
        Outputs.Of(_swarm);
        Open(2);
        Open(1);
        Open(3, outbound: false);
        _swarm.SetPrivate(false, Now);
        Assert.Empty(Closed());
        _swarm.SetPrivate(true, Now);
        Assert.Equal([(2, SwarmCloseReason.Private), (3, SwarmCloseReason.Private)], Closed());
    }

    [Fact]
    public void Who_came_from_the_former_tracker_is_parted_from_and_forgotten()
    {
        _swarm.SetPaused(true, Now);
        _swarm.AddCandidates([VirtualSwarm.Address(1), VirtualSwarm.Address(2)], PeerSource.Tracker, Now);
        _swarm.AddCandidates([VirtualSwarm.Address(3)], PeerSource.Manual, Now);
        _swarm.SetPaused(false, Now);
        Open(1);
        Open(2);
        _swarm.ForgetPeers(Now);
        Assert.Equal([(1, SwarmCloseReason.Private), (2, SwarmCloseReason.Private)], Closed());
        Assert.Equal(1, _swarm.Snapshot(Now).Candidates);
        _swarm.ForgetPeers(Now);
        Assert.Empty(Closed());
    }

    [Fact]
    public void Verdicts_on_pieces_change_nothing_before_the_metadata_is_known()
    {
        _swarm.PieceVerified(0, Now);
        _swarm.PieceLost(0, Now);
        _swarm.PieceWriteFailed(0, Now);
        _swarm.SetWanted(First(4, 4), Now);
        _swarm.SetPriority(0, 4, PiecePriority.High);
        Assert.Empty(Outputs.Of(_swarm));
        Assert.Equal(TimeSpan.MaxValue, _swarm.NextDeadline);
    }

    [Fact]
    public void A_piece_that_is_verified_twice_is_told_once()
    {
        Arm(have: 0);
        Open(1);
        Outputs.Of(_swarm);
        _swarm.PieceVerified(0, Now);
        _swarm.PieceVerified(0, Now);
        _swarm.Advance(Now + TimeSpan.FromSeconds(1));
        Assert.Single(Outputs.Of(_swarm), static o => o.Kind == SwarmOutputKind.Send && o.Message.Kind == PeerMessageKind.Have);
    }

    [Fact]
    public void Who_gave_another_block_than_the_good_one_is_banned()
    {
        Open(1);
        Open(2);
        Assert.False(_swarm.WantsDigests(0));
        _swarm.PieceFailed(0, [new BlockContribution(0, 1, Digest(1)), new BlockContribution(1, 2, Digest(2))], Now);
        Assert.True(_swarm.WantsDigests(0));
        Assert.False(_swarm.WantsDigests(1));
        Assert.Empty(Closed());
        _swarm.PieceGood(0, [new BlockContribution(0, 1, Digest(1)), new BlockContribution(1, 1, Digest(3))], Now);
        Assert.Equal([(2, SwarmCloseReason.Banned)], Closed());
        Assert.False(_swarm.WantsDigests(0));

        static BlockDigest Digest(byte value) => new([.. Enumerable.Repeat(value, 20)]);
    }

    [Fact]
    public void What_is_said_of_an_unknown_link_changes_nothing()
    {
        _swarm.LinkClosed(1, false, Now);
        _swarm.SetUploadOnly(1, true, Now);
        _swarm.SetTakesPex(1, true);
        _swarm.SetUploaded(1, 1, Now);
        _swarm.SetListenPort(1, 1, Now);
        _swarm.BlocksReceived(1, [], 0, Now);
        _swarm.LeaseRefused(1, [], Now);
        Assert.Empty(Outputs.Of(_swarm));
        Assert.Equal((0, 0), (_swarm.Snapshot(Now).Links, _swarm.Snapshot(Now).Candidates));
    }

    [Fact]
    public void Nothing_is_believed_of_a_link_that_goes()
    {
        Arm(have: 0);
        _swarm.SetBudget(new ConnectionBudget(1, 0), Now);
        Open(1);
        Open(2, outbound: false);
        Assert.Equal([(2, SwarmCloseReason.OverBudget)], Closed());
        Assert.Equal(SwarmError.None, _swarm.Handle(2, PeerMessage.Have(99), Now));
        Assert.Equal(SwarmError.None, _swarm.Handle(2, new PeerMessage(PeerMessageKind.HaveAll), Now));
        _swarm.SetListenPort(2, 7000, Now);
        _swarm.BlocksReceived(2, [new BlockReceipt(new BlockAddress(0, 0, BlockAddress.Size), false)], 0, Now);
        SwarmSnapshot snapshot = _swarm.Snapshot(Now);
        Assert.Equal((0, 0, 0L), (snapshot.Seeds, snapshot.Candidates, snapshot.WastedBytes));
        Assert.Empty(Closed());
    }

    [Fact]
    public void Who_goes_before_the_metadata_is_known_does_not_count_afterwards()
    {
        Open(1);
        Assert.Equal(SwarmError.None, _swarm.Handle(1, new PeerMessage(PeerMessageKind.HaveAll), Now));
        _swarm.SetBudget(new ConnectionBudget(0, 0), Now);
        Arm(have: 0);
        Assert.Equal(0, _swarm.Snapshot(Now).DistributedCopies);
        _swarm.LinkClosed(1, false, Now);
        Assert.Equal(0, _swarm.Snapshot(Now).DistributedCopies);
    }

    [Fact]
    public void A_peer_whose_former_link_goes_is_no_duplicate()
    {
        Open(1);
        TimeSpan later = Now + TimeSpan.FromMinutes(1);
        _swarm.SetBudget(new ConnectionBudget(0, 0), later);
        _swarm.SetBudget(new ConnectionBudget(9, 0), later);
        Outputs.Of(_swarm);
        _swarm.LinkOpened(2, VirtualSwarm.Address(1), false, true, later);
        Assert.Empty(Closed());
    }

    [Fact]
    public void Where_an_inbound_peer_listens_is_what_it_said_last_of_any_port()
    {
        Open(1, outbound: false);
        Open(2);
        foreach (int link in (int[])[1, 2])
        {
            _swarm.SetListenPort(link, 7000, Now);
            _swarm.SetListenPort(link, 0, Now);
        }
        Assert.Equal(1, _swarm.Snapshot(Now).Candidates);
        Open(3);
        _swarm.SetTakesPex(3, true);
        _swarm.Advance(Now + TimeSpan.FromSeconds(Limits.PexSeconds));
        PexDelta told = Assert.Single(Outputs.Of(_swarm), o => o.Kind == SwarmOutputKind.Pex).Pex!;
        Assert.Equal([VirtualSwarm.Address(1).WithPort(7000), VirtualSwarm.Address(2)], told.Added.Select(p => p.Address).Order());
    }

    [Fact]
    public void A_torrent_is_completed_once()
    {
        Arm(have: 3, wanted: 3);
        Assert.Equal(1, Completed());
        _swarm.PieceVerified(3, Now);
        _swarm.PieceVerified(3, Now);
        Assert.Equal(0, Completed());
        SetWanted(4);
        Assert.Equal(0, Completed());
        _swarm.PieceLost(0, Now);
        SetWanted(0);
        Assert.Equal(1, Completed());
    }

    [Fact]
    public void Pieces_of_a_higher_priority_are_asked_first_and_only_those_that_were_named()
    {
        Arm(have: 0, pieces: 40);
        _swarm.SetPriority(20, 2, PiecePriority.Urgent);
        _swarm.SetPriority(30, 1, PiecePriority.High);
        Open(1);
        _swarm.SetRequestLimit(1, 3);
        // The first pieces of a torrent are begun by chance.
        for (int piece = 0; piece < 5; piece++)
            _swarm.PieceVerified(piece, Now);
        Assert.Equal(SwarmError.None, _swarm.Handle(1, new PeerMessage(PeerMessageKind.HaveAll), Now));
        Assert.Equal(SwarmError.None, _swarm.Handle(1, new PeerMessage(PeerMessageKind.Unchoke), Now));
        var asked = new List<int>();
        while (_swarm.TryTake(out SwarmOutput output))
        {
            if (output.Kind == SwarmOutputKind.Lease)
                asked.AddRange(_swarm.Blocks.ToArray().Select(static block => block.Piece));
        }
        Assert.Equal([20, 21], asked.Take(2).Order());
        Assert.Equal(30, asked[2]);
    }

    private void Arm(int have, int? wanted = null, int pieces = 4)
        => _swarm.Arm(new PieceMap(pieces, BlockAddress.Size, pieces * BlockAddress.Size), First(have, pieces), First(wanted ?? pieces, pieces), Now);

    private void SetWanted(int first) => _swarm.SetWanted(First(first, 4), Now);

    private static PieceSet First(int count, int pieces)
    {
        var first = new PieceSet(pieces);
        for (int piece = 0; piece < count; piece++)
            first.Add(piece);
        return first;
    }

    private int Completed() => Outputs.Of(_swarm).Count(static o => o.Kind == SwarmOutputKind.Completed);

    private void Open(int link, PeerAddress? address = null, bool outbound = true)
        => _swarm.LinkOpened(link, address ?? VirtualSwarm.Address(link), outbound, true, Now);

    private (int Link, SwarmCloseReason Reason)[] Closed()
        => [.. Outputs.Of(_swarm).Where(static o => o.Kind == SwarmOutputKind.Close).Select(static o => (o.Link, o.Reason)).Order()];
}
