using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>Which blocks are leased to whom, and when they are taken back.</summary>
public sealed class LeaseDeskTests
{
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(100);
    private readonly TorrentSwarm _swarm = new(new SwarmOptions(), new Random(1));
    private readonly Dictionary<int, List<BlockAddress>> _leased = [];
    private readonly Dictionary<int, List<BlockAddress>> _given = [];
    private readonly List<(int Link, BlockAddress Block)> _cancelled = [];
    private readonly List<int> _discarded = [];
    private int _mark;

    public LeaseDeskTests()
    {
    }

    private LeaseDeskTests(SwarmOptions options) => _swarm = new TorrentSwarm(options, new Random(1));

    [Fact]
    public void Requests_are_topped_up_by_an_eighth_of_the_window_at_least()
    {
        Arm(100);
        Open(1, limit: 16);
        Assert.Equal(16, _leased[1].Count);
        Receive(1, Start + Seconds(0.1), _leased[1][0]);
        Assert.Equal(15, _leased[1].Count);
        Receive(1, Start + Seconds(0.2), _leased[1][0]);
        Assert.Equal(16, _leased[1].Count);
    }

    [Theory]
    [InlineData(Limits.FarRoundTripMilliseconds - 1, 8)]
    [InlineData(Limits.FarRoundTripMilliseconds, 11)]
    public void A_far_peer_reports_by_the_quarter_a_near_one_by_the_half(int roundTrip, int mark)
    {
        Arm(100);
        Open(1, limit: 16);
        Receive(1, Start + TimeSpan.FromMilliseconds(roundTrip), [.. _leased[1].Take(4)]);
        Assert.Equal(16, _leased[1].Count);
        Assert.Equal(mark, _mark);
    }

    [Fact]
    public void Who_gets_all_it_wanted_of_the_last_piece_reports_by_the_half()
    {
        Arm(1, 64);
        Open(1, limit: 16);
        Assert.Equal(16, _leased[1].Count);
        Assert.Equal(8, _mark);
    }

    [Fact]
    public void Everybody_who_gave_a_block_of_a_good_piece_has_given_a_good_piece()
    {
        Arm(1);
        Open(1, limit: 1);
        Open(2, limit: 1);
        Receive(1, Start + Seconds(0.1), _leased[1][0]);
        Assert.NotEmpty(Given(2));
        Receive(2, Start + Seconds(0.1), _leased[2][0]);
        _swarm.PieceVerified(0, Start + Seconds(0.2));
        Assert.Equal(1, _swarm.Link(1, Start)!.Value.GoodPieces);
        Assert.Equal(1, _swarm.Link(2, Start)!.Value.GoodPieces);
    }

    [Fact]
    public void A_silent_peer_keeps_one_request_and_is_asked_for_one_at_a_time()
    {
        Arm(100);
        Open(1, limit: 16);
        List<BlockAddress> first = [.. _leased[1]];
        Tick(Start + Seconds(19.9));
        Assert.Equal(16, _leased[1].Count);
        Tick(Start + Seconds(20.5));
        Assert.Equal([first[0]], _leased[1]);
        Assert.True(_swarm.Link(1, Start)!.Value.IsSnubbed);
        Tick(Start + Seconds(59.9));
        Assert.Equal([first[0]], _leased[1]);
        Tick(Start + Seconds(60.5));
        Assert.Single(_leased[1]);
        Assert.Contains((1, first[0]), _cancelled);
        Receive(1, Start + Seconds(61), _leased[1][0]);
        Assert.False(_swarm.Link(1, Start)!.Value.IsSnubbed);
    }

    [Fact]
    public void Every_late_request_goes_back_even_while_other_blocks_come()
    {
        Arm(2000);
        Open(1, limit: 100);
        BlockAddress[] late = [.. _leased[1].Take(4)];
        for (int second = 1; second <= 59; second++)
        {
            Receive(1, Start + Seconds(second), [.. _leased[1].Where(b => !late.Contains(b)).Take(40)]);
            Tick(Start + Seconds(second));
        }
        Assert.All(late, b => Assert.Contains(b, _leased[1]));
        Tick(Start + Seconds(60.5));
        Assert.Equal(late, _cancelled.Select(c => c.Block).Where(late.Contains));
    }

    [Fact]
    public void A_block_that_comes_after_it_was_taken_back_is_not_asked_again()
    {
        Arm(2);
        Open(1, limit: 4);
        (BlockAddress doubtful, BlockAddress late) = (_leased[1][1], _leased[1][3]);
        Tick(Start + Seconds(20.5));
        Assert.Equal([new BlockAddress(doubtful.Piece, 0, BlockAddress.Size)], _leased[1]);
        _swarm.BlocksReceived(1, [new BlockReceipt(doubtful, true), new BlockReceipt(late, true)], 1, Start + Seconds(21));
        Take();
        Open(2, limit: 10, at: 21);
        for (int i = 0; i < 4; i++)
            Receive(2, Start + Seconds(22 + i), [.. _leased[2]]);
        Assert.DoesNotContain(late, Given(2));
        // Of the piece that is still owed nobody knows to which attempt an unasked block belongs.
        Assert.Contains(doubtful, Given(2));
        Assert.Equal(0, _swarm.Snapshot(Start).WastedBytes);
    }

    [Fact]
    public void At_the_end_the_slower_copy_of_a_block_is_cancelled()
    {
        Arm(1);
        Open(1, limit: 4);
        Open(2, limit: 4, at: 8);
        Assert.Equal(_leased[1].ToHashSet(), [.. _leased[2]]);
        BlockAddress both = _leased[1][0];
        Receive(2, Start + Seconds(9), both);
        Assert.Equal([(1, both)], _cancelled);
        Assert.Single(_leased[1]);
    }

    [Fact]
    public void At_the_end_a_slow_peer_is_not_asked_for_what_a_fast_one_brings_soon()
    {
        Arm(2);
        Open(1, limit: 2);
        BlockAddress[] first = [.. _leased[1]];
        Receive(1, Start + Seconds(0.1), first);
        _swarm.PieceVerified(first[0].Piece, Start + Seconds(0.1));
        Take();
        Assert.Equal(2, _leased[1].Count);
        Open(2, limit: 4, at: 0.5);
        Assert.Empty(_leased[2]);
    }

    [Fact]
    public void What_came_though_somebody_else_had_it_is_wasted()
    {
        Arm(2);
        Open(1, limit: 2);
        BlockAddress block = _leased[1][0];
        Receive(1, Start + Seconds(1), block);
        _swarm.BlocksReceived(1, [new BlockReceipt(block, false)], 1, Start + Seconds(2));
        Assert.Equal(block.Length, _swarm.Snapshot(Start).WastedBytes);
    }

    [Fact]
    public void A_verdict_that_overtakes_the_report_wastes_nothing()
    {
        Arm(2);
        Open(1, limit: 2);
        BlockAddress[] piece = [.. _leased[1]];
        _swarm.PieceVerified(piece[0].Piece, Start + Seconds(1));
        Take();
        _swarm.BlocksReceived(1, [.. piece.Select(b => new BlockReceipt(b, true))], 0, Start + Seconds(1));
        Take();
        Assert.Equal(0, _swarm.Snapshot(Start).WastedBytes);
        Assert.All(_leased[1].Except(piece), b => Assert.NotEqual(piece[0].Piece, b.Piece));
    }

    [Fact]
    public void When_a_piece_turns_out_good_before_the_reports_its_copies_are_cancelled()
    {
        Arm(1);
        Open(1, limit: 4);
        Open(2, limit: 4, at: 8);
        BlockAddress[] both = [.. _leased[1]];
        Assert.Equal(2, both.Length);
        _swarm.PieceVerified(0, Start + Seconds(9));
        Take();
        Assert.All(both, block => Assert.Subset(_cancelled.ToHashSet(), new HashSet<(int, BlockAddress)> { (1, block), (2, block) }));
    }

    [Fact]
    public void The_blocks_of_the_second_attempt_are_noted_like_those_of_the_first()
    {
        Arm(1);
        Open(1, limit: 4);
        Receive(1, Start + Seconds(1), [.. _leased[1]]);
        _swarm.PieceFailed(0, [], Start + Seconds(2));
        Take();
        Assert.Equal(2, _leased[1].Count);
        Receive(1, Start + Seconds(3), [.. _leased[1]]);
        Tick(Start + Seconds(62.9));
        Assert.Empty(_leased[1]);
        Tick(Start + Seconds(63.5));
        Assert.Equal(2, _leased[1].Count);
    }

    [Fact]
    public void A_bad_piece_is_fetched_again_and_its_copies_are_cancelled()
    {
        Arm(1);
        Open(1, limit: 4);
        Open(2, limit: 4, at: 8);
        BlockAddress[] both = [.. _leased[1]];
        Assert.Equal(2, both.Length);
        _swarm.PieceFailed(0, [], Start + Seconds(9));
        Take();
        Assert.All(both, block => Assert.Subset(_cancelled.ToHashSet(), new HashSet<(int, BlockAddress)> { (1, block), (2, block) }));
        Assert.Equal(both.ToHashSet(), [.. _leased[1], .. _leased[2]]);
    }

    [Fact]
    public void Blocks_without_a_verdict_are_asked_again_after_a_minute()
    {
        Arm(1);
        Open(1, limit: 4);
        Receive(1, Start + Seconds(1), [.. _leased[1]]);
        Assert.Empty(_leased[1]);
        Tick(Start + Seconds(60.9));
        Assert.Empty(_leased[1]);
        Tick(Start + Seconds(61.5));
        Assert.Equal(2, _leased[1].Count);
    }

    [Fact]
    public void A_block_that_somebody_else_is_said_to_have_given_is_asked_again_after_half_a_minute()
    {
        Arm(1);
        Open(1, limit: 4);
        BlockAddress first = _leased[1][0], second = _leased[1][1];
        Receive(1, Start + Seconds(1), first);
        _swarm.BlocksReceived(1, [new BlockReceipt(second, false)], 0, Start + Seconds(1));
        _leased[1].Clear();
        Take();
        Assert.Empty(_leased[1]);
        Tick(Start + Seconds(30.9));
        Assert.Empty(_leased[1]);
        Tick(Start + Seconds(31.5));
        Assert.Equal([second], _leased[1]);
    }

    [Fact]
    public void A_piece_that_nobody_can_go_on_with_makes_room_for_others()
    {
        var options = new SwarmOptions { MaxOpenPieces = 2 };
        var swarm = new LeaseDeskTests(options);
        swarm.Arm(4);
        swarm.Open(1, limit: 2, pieces: 0b1000_0000);
        swarm.Open(2, limit: 2, pieces: 0b0100_0000);
        swarm.Receive(1, Start + Seconds(1), swarm._leased[1][0]);
        swarm.Receive(2, Start + Seconds(1), swarm._leased[2][0]);
        swarm._swarm.LinkClosed(1, false, Start + Seconds(2));
        swarm._swarm.LinkClosed(2, false, Start + Seconds(2));
        swarm.Open(3, limit: 2, pieces: 0b0010_0000, at: 2);
        Assert.Empty(swarm._leased[3]);
        swarm.Tick(Start + Seconds(30.5));
        Assert.Empty(swarm._discarded);
        swarm.Tick(Start + Seconds(31.5));
        Assert.Single(swarm._discarded);
        Assert.All(swarm._leased[3], b => Assert.Equal(2, b.Piece));
        Assert.NotEmpty(swarm._leased[3]);
        swarm.Open(4, limit: 20, pieces: 0b1100_0000, at: 32);
        Assert.All(swarm._leased[4], b => Assert.Equal(1 - swarm._discarded[0], b.Piece));
        swarm._swarm.PieceVerified(1 - swarm._discarded[0], Start + Seconds(33));
        swarm.Take();
        Assert.Contains(swarm._leased[4], b => b.Piece == swarm._discarded[0]);
    }

    [Fact]
    public void Reports_are_called_in_when_none_came_for_two_seconds()
    {
        Arm(100);
        Open(1, limit: 16);
        int flushes = 0;
        for (int tick = 1; tick <= 20; tick++)
        {
            _swarm.Advance(Start + Seconds(0.5 * tick));
            flushes += Outputs.Of(_swarm).Count(o => o.Kind == SwarmOutputKind.FlushReport);
        }
        Assert.Equal(5, flushes);
    }

    [Fact]
    public void Rejects_without_a_request_are_borne_within_a_bound()
    {
        Arm(100);
        Open(1, limit: 2);
        BlockAddress stranger = new(99, 0, BlockAddress.Size);
        for (int i = 0; i < Limits.UnaskedRejects; i++)
            Assert.Equal(SwarmError.None, _swarm.Handle(1, PeerMessage.Reject(stranger), Start));
        Assert.Equal(SwarmError.UnaskedReject, _swarm.Handle(1, PeerMessage.Reject(stranger), Start));
    }

    [Fact]
    public void A_peer_that_refused_as_many_pieces_as_are_noted_is_asked_again_after_a_minute()
    {
        Arm(2 * Limits.RefusedPieces);
        Open(1, limit: 16);
        Tick(Start);
        while (_leased[1].Count > 0)
        {
            BlockAddress refused = _leased[1][0];
            _leased[1].RemoveAt(0);
            Assert.Equal(SwarmError.None, _swarm.Handle(1, PeerMessage.Reject(refused), Start));
            Take();
        }
        Tick(Start + Seconds(59.5));
        Assert.Empty(_leased[1]);
        Tick(Start + Seconds(60));
        Assert.NotEmpty(_leased[1]);
    }

    [Fact]
    public void A_choke_frees_what_was_asked_and_with_the_fast_extension_the_answers_are_awaited()
    {
        Arm(2);
        Open(1, limit: 4, fast: false);
        Assert.Equal(4, _leased[1].Count);
        _swarm.Handle(1, new PeerMessage(PeerMessageKind.Choke), Start);
        Take();
        Assert.Empty(_leased[1]);
        Open(2, limit: 4);
        Assert.Equal(4, _leased[2].Count);
        _swarm.Handle(2, new PeerMessage(PeerMessageKind.Choke), Start);
        Take();
        Assert.Equal(4, _leased[2].Count);
        Assert.Equal(4, _swarm.Snapshot(Start).BlocksInFlight);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    /// <summary>Pieces of two blocks.</summary>
    private void Arm(int pieces, int blocks = 2)
    {
        var wanted = new PieceSet(pieces);
        wanted.Fill();
        _swarm.Arm(new PieceMap(pieces, blocks * BlockAddress.Size, pieces * (long)blocks * BlockAddress.Size), new PieceSet(pieces), wanted, Start);
    }

    private void Open(int link, int limit, byte? pieces = null, bool fast = true, double at = 0)
    {
        TimeSpan now = Start + Seconds(at);
        _leased[link] = [];
        _given[link] = [];
        _swarm.LinkOpened(link, VirtualSwarm.Address(link), true, fast, now);
        _swarm.SetRequestLimit(link, limit);
        PeerMessage all = fast ? new PeerMessage(PeerMessageKind.HaveAll) : PeerMessage.Bitfield(new byte[] { 0xC0 });
        Assert.Equal(SwarmError.None, _swarm.Handle(link, pieces is { } bits ? PeerMessage.Bitfield(new[] { bits }) : all, now));
        Assert.Equal(SwarmError.None, _swarm.Handle(link, new PeerMessage(PeerMessageKind.Unchoke), now));
        Take();
    }

    /// <summary>All blocks that the link was ever asked for.</summary>
    private List<BlockAddress> Given(int link) => _given[link];

    private void Receive(int link, TimeSpan now, params BlockAddress[] blocks)
    {
        BlockReceipt[] receipts = [.. blocks.Select(b => new BlockReceipt(b, true))];
        _leased[link].RemoveAll(blocks.Contains);
        _swarm.BlocksReceived(link, receipts, _leased[link].Count, now);
        Take();
    }

    private void Tick(TimeSpan now)
    {
        _swarm.Advance(now);
        Take();
    }

    private void Take()
    {
        while (_swarm.TryTake(out SwarmOutput output))
        {
            BlockAddress[] blocks = output.Kind is SwarmOutputKind.Lease or SwarmOutputKind.CancelBlocks ? _swarm.Blocks.ToArray() : [];
            if (output.Kind == SwarmOutputKind.Lease)
            {
                _leased[output.Link].AddRange(blocks);
                _given[output.Link].AddRange(blocks);
                _mark = output.ReportMark;
            }
            else if (output.Kind == SwarmOutputKind.CancelBlocks)
            {
                _leased[output.Link].RemoveAll(blocks.Contains);
                _cancelled.AddRange(blocks.Select(b => (output.Link, b)));
            }
            else if (output.Kind == SwarmOutputKind.DiscardPiece)
            {
                _discarded.Add(output.Piece);
            }
        }
    }
}
