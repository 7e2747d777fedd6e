using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>From whom a supplier takes blocks over when no piece is left to begin, and which ones it leaves.</summary>
public sealed class TakeOverTests
{
    private const int Pieces = 2;
    private const int Blocks = 8;
    private static readonly PieceMap Map = new(Pieces, Blocks * BlockAddress.Size, Pieces * Blocks * BlockAddress.Size);
    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(10);

    private readonly LinkTable _links = new();
    private readonly PieceWork _work;
    private readonly EndGame _endGame;
    private readonly OpenPiece _piece;

    public TakeOverTests()
    {
        PieceSet all = new(Pieces);
        all.Fill();
        _work = new PieceWork(Map, new PieceSet(Pieces), all, new SwarmOptions(), new Random(1), []);
        _endGame = new EndGame(_work, _links);
        _piece = _work.Begin(0, TimeSpan.Zero);
    }

    [Fact]
    public void Who_stalls_is_relieved_before_one_that_is_only_slow()
    {
        SwarmLink stalled = Open(1), slow = Open(2);
        Ask(stalled, TimeSpan.Zero, 0);
        Ask(slow, Stalled, 1, 2, 3, 4, 5);
        slow.Gave(1, 1, Stalled);
        Assert.Equal([0], Take(Open(3), want: 1, Stalled));
    }

    [Fact]
    public void Of_those_that_are_slow_the_slowest_is_relieved_first()
    {
        SwarmLink slow = Open(1), slowest = Open(2);
        Ask(slow, TimeSpan.Zero, 0, 1, 2);
        Ask(slowest, TimeSpan.Zero, 3, 4, 5, 6);
        slow.Gave(1, 1, TimeSpan.Zero);
        slowest.Gave(1, 1, TimeSpan.Zero);
        Assert.Equal([6], Take(Fast(3), want: 1, TimeSpan.Zero));
    }

    [Fact]
    public void What_is_owed_of_a_piece_that_is_done_is_passed_over()
    {
        SwarmLink stalled = Open(1);
        Ask(stalled, TimeSpan.Zero, 0);
        OpenPiece done = _work.Begin(1, TimeSpan.Zero);
        Ask(done, stalled, TimeSpan.Zero, 1);
        _work.End(done);
        Assert.Equal([0], Take(Open(2), want: 1, Stalled));
        Assert.Empty(_endGame.Moved);
    }

    [Fact]
    public void What_is_owed_of_an_attempt_that_failed_says_nothing_of_the_next_one()
    {
        Ask(Open(1), TimeSpan.Zero, 0);
        _work.Retry(_piece, TimeSpan.Zero);
        Assert.Empty(Take(Open(2), want: 4, Stalled));
    }

    [Fact]
    public void A_piece_that_the_supplier_lacks_is_left_to_others()
    {
        Ask(Open(1), TimeSpan.Zero, 0);
        Assert.Empty(Take(Open(2, piece: 1), want: 4, Stalled));
    }

    [Fact]
    public void A_suspect_takes_over_nothing_of_another_s_piece()
    {
        SwarmLink stalled = Open(1), suspect = Open(2);
        Ask(stalled, TimeSpan.Zero, 0);
        _piece.Primary = stalled;
        suspect.IsSuspect = true;
        Assert.Empty(Take(suspect, want: 4, Stalled));
    }

    [Fact]
    public void What_somebody_else_is_about_to_bring_in_place_of_a_stalled_peer_is_left_to_that_one_until_it_stalls_too()
    {
        SwarmLink stalled = Open(1), second = Open(2), third = Open(3);
        Ask(stalled, TimeSpan.Zero, 0);
        Assert.Equal([0], Take(second, want: 4, Stalled));
        second.LastAskedAt = Stalled;
        Assert.Empty(Take(third, want: 4, Stalled));
        Assert.Equal([0], Take(third, want: 4, 2 * Stalled));
    }

    [Fact]
    public void What_is_left_to_another_does_not_count_for_what_is_taken()
    {
        SwarmLink stalled = Open(1), second = Open(2);
        Ask(stalled, TimeSpan.Zero, 0, 1);
        Assert.Equal([1], Take(second, want: 1, Stalled));
        second.LastAskedAt = Stalled;
        Assert.Equal([0], Take(Open(3), want: 1, Stalled));
    }

    // A block of a peer that gave a single one within three seconds takes more than two seconds at its rate, and one second at the usual rate.
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void The_rate_of_a_peer_counts_once_it_was_asked_two_seconds_ago(int askedAt, bool isTaken)
    {
        TimeSpan now = TimeSpan.FromSeconds(3);
        SwarmLink slow = Open(1);
        Ask(slow, TimeSpan.Zero, 0);
        slow.Gave(BlockAddress.Size, BlockAddress.Size, now);
        slow.LastAskedAt = TimeSpan.FromSeconds(askedAt);
        Assert.Equal(isTaken ? [0] : [], Take(Fast(2), want: 1, now));
    }

    /// <summary>A peer that lets us download and has one piece, or all.</summary>
    private SwarmLink Open(int id, int piece = -1)
    {
        var link = new SwarmLink(id, VirtualSwarm.Address(id), true, true, TimeSpan.Zero) { PeerChoking = false };
        Assert.True(link.Pieces.TryArm(Pieces));
        if (piece < 0)
            link.Pieces.SetAll();
        else
            link.Pieces.Add(piece, out _);
        _links.Add(link);
        return link;
    }

    /// <summary>One that gave much just now.</summary>
    private SwarmLink Fast(int id)
    {
        SwarmLink link = Open(id);
        link.Gave(100_000_000, 100_000_000, TimeSpan.Zero);
        return link;
    }

    private void Ask(SwarmLink link, TimeSpan now, params int[] blocks) => Ask(_piece, link, now, blocks);

    private void Ask(OpenPiece piece, SwarmLink link, TimeSpan now, params int[] blocks)
    {
        link.LastAskedAt = now;
        Assert.All(blocks, block => Assert.True(_work.TryAsk(piece, block, link, now, [])));
    }

    private int[] Take(SwarmLink supplier, int want, TimeSpan now)
    {
        List<BlockAddress> picked = [];
        _endGame.Take(supplier, want, now, picked);
        return [.. picked.Select(static block => block.Begin / BlockAddress.Size)];
    }
}
