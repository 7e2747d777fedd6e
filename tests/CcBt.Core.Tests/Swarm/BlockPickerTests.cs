using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>Which piece a supplier goes on with or begins, by itself and when it suggests some.</summary>
public sealed class BlockPickerTests
{
    private const int Pieces = 20;
    private const int Window = 16;
    private static readonly PieceMap Map = new(Pieces, 2 * BlockAddress.Size, Pieces * 2 * BlockAddress.Size);
    private static readonly TimeSpan HintsOver = TimeSpan.FromSeconds(3);

    private readonly LinkTable _links = new();
    private readonly SwarmLink _seed, _other;

    public BlockPickerTests() => (_seed, _other) = (Open(1, PeerSeed), Open(2, PeerSeed));

    [Fact]
    public void Who_worked_on_a_piece_that_is_done_joins_no_other_s_piece()
    {
        (PieceWork work, BlockPicker picker) = Begin();
        int done = Pick(picker, _seed, 2)[0];
        work.End(work.Open[done]);
        int others = Assert.Single(Pick(picker, _other, 1)), own = Assert.Single(Pick(picker, _seed, 1));
        Assert.NotEqual(others, own);
    }

    [Fact]
    public void Who_worked_on_a_piece_that_is_done_begins_the_next()
    {
        (PieceWork work, BlockPicker picker) = Begin();
        int done = Pick(picker, _seed, 2)[0];
        work.End(work.Open[done]);
        Assert.NotEqual(done, Assert.Single(Pick(picker, _seed, 1)));
    }

    [Fact]
    public void Who_worked_on_a_piece_that_was_given_up_leaves_it_to_the_one_that_began_it_anew()
    {
        (PieceWork work, BlockPicker picker) = Begin();
        int piece = Pick(picker, _seed, 2)[0];
        work.End(work.Open[piece]);
        work.Order!.Add(piece);
        _other.Suggest(piece, TimeSpan.Zero);
        Assert.Equal([piece], Pick(picker, _other, 1));
        Assert.NotEqual(piece, Assert.Single(Pick(picker, _seed, 1)));
    }

    [Fact]
    public void A_piece_that_a_seed_works_on_is_done_before_what_it_suggests()
    {
        (_, BlockPicker picker) = BeginShared();
        int begun = Pick(picker, _seed, 1)[0], hint = begun == 5 ? 6 : 5;
        _seed.Suggest(hint, TimeSpan.Zero);
        Assert.Equal([begun, hint], Pick(picker, _seed, 2));
    }

    [Fact]
    public void A_seed_that_suggests_a_single_piece_is_asked_for_nothing_else()
    {
        (_, BlockPicker picker) = BeginShared();
        _seed.Suggest(0, TimeSpan.Zero);
        Assert.Equal([0, 0], Pick(picker, _seed, Window));
    }

    [Fact]
    public void A_seed_whose_suggestions_are_forgotten_is_asked_for_anything_at_once()
    {
        (_, BlockPicker picker) = BeginShared();
        _seed.Suggest(5, TimeSpan.Zero);
        _seed.ForgetHints();
        Assert.Equal(Window, Pick(picker, _seed, Window).Count);
    }

    [Fact]
    public void A_peer_that_still_downloads_is_asked_for_more_than_it_suggests()
    {
        SwarmLink sharer = Open(3, Range(0, Pieces - 1));
        (_, BlockPicker picker) = Begin();
        sharer.Suggest(5, TimeSpan.Zero);
        List<int> asked = Pick(picker, sharer, Window);
        Assert.Equal([5, 5], asked[..2]);
        Assert.Equal(Window, asked.Count);
    }

    [Fact]
    public void Of_a_seed_that_suggests_only_pieces_are_spared_that_nobody_else_has()
    {
        Open(3, Range(0, Pieces - 1));
        (PieceWork work, BlockPicker picker) = Begin();
        work.TryGain(Pieces - 1);
        _seed.Suggest(5, TimeSpan.Zero);
        Assert.Equal(Window, Pick(picker, _seed, Window, HintsOver).Count);
    }

    [Fact]
    public void What_a_seed_suggests_is_not_begun_while_there_is_no_room()
    {
        (_, BlockPicker picker) = BeginShared(new SwarmOptions { MaxOpenPieces = 2 });
        foreach (int piece in (int[])[5, 7, 8])
            _seed.Suggest(piece, TimeSpan.Zero);
        Assert.Equal([5, 5, 7, 7], Pick(picker, _seed, Window));
    }

    [Fact]
    public void What_a_seed_suggests_and_was_begun_before_it_made_us_wait_is_gone_on_with()
    {
        (PieceWork work, BlockPicker picker) = BeginShared();
        int begun = Pick(picker, _seed, 1)[0];
        (_seed.Current, work.Open[begun].Primary) = (null, null);
        _seed.Suggest(begun == 5 ? 6 : 5, TimeSpan.Zero);
        _seed.Suggest(begun, TimeSpan.Zero);
        Assert.Equal(begun, Assert.Single(Pick(picker, _seed, 1)));
    }

    [Fact]
    public void A_piece_that_a_peer_suggests_and_lacks_is_not_asked_from_it()
    {
        SwarmLink peer = Open(3, Range(0, 10));
        (_, BlockPicker picker) = Begin();
        peer.Suggest(15, TimeSpan.Zero);
        Assert.DoesNotContain(15, Pick(picker, peer, Window));
    }

    [Fact]
    public void A_peer_that_makes_us_wait_is_asked_for_what_it_allows_and_nothing_else()
    {
        (_, BlockPicker picker) = Begin();
        _seed.PeerChoking = true;
        _seed.AllowFast(0);
        Assert.Equal([0, 0], Pick(picker, _seed, Window));
    }

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public void Another_s_piece_is_joined_when_none_is_left_to_begin_but_by_no_suspect_and_nobody_who_lacks_it(bool isSuspect, bool lacks, bool joins)
    {
        SwarmLink peer = Open(3, lacks ? Range(1, Pieces) : Range(0, Pieces - 1));
        (_, BlockPicker picker) = Begin(have: Range(1, Pieces));
        Assert.Equal([0], Pick(picker, _other, 1));
        peer.IsSuspect = isSuspect;
        Assert.Equal(joins ? [0] : [], Pick(picker, peer, 1));
    }

    [Fact]
    public void Who_takes_a_single_request_takes_over_what_a_stalled_peer_owes()
    {
        (_, BlockPicker picker) = Begin(have: Range(1, Pieces));
        Assert.Equal([0, 0], Pick(picker, _other, 2));
        Assert.Equal([0], Pick(picker, _seed, 1, TimeSpan.FromSeconds(10)));
    }

    private static PieceSet PeerSeed => Range(0, Pieces);

    /// <summary>With another peer that shares the seeds: it has one piece, which we have, too.</summary>
    private (PieceWork Work, BlockPicker Picker) BeginShared(SwarmOptions? options = null)
    {
        Open(3, Range(Pieces - 1, Pieces));
        return Begin(options, Range(Pieces - 1, Pieces));
    }

    private (PieceWork Work, BlockPicker Picker) Begin(SwarmOptions? options = null, PieceSet? have = null)
    {
        var work = new PieceWork(Map, have ?? Range(0, 0), PeerSeed, options ?? new SwarmOptions(), new Random(1), _links.All);
        return (work, new BlockPicker(work, _links));
    }

    /// <summary>A peer that lets us download.</summary>
    private SwarmLink Open(int id, PieceSet pieces)
    {
        var link = new SwarmLink(id, VirtualSwarm.Address(id), true, true, TimeSpan.Zero) { PeerChoking = false };
        Assert.True(link.Pieces.TryArm(Pieces));
        Assert.Equal(SwarmError.None, link.Pieces.SetBits(pieces.Bytes.ToArray()));
        _links.Add(link);
        return link;
    }

    /// <summary>The pieces of the blocks that are chosen.</summary>
    private static List<int> Pick(BlockPicker picker, SwarmLink link, int want, TimeSpan now = default)
    {
        List<BlockAddress> picked = [];
        picker.Pick(link, want, mayBegin: true, now, picked);
        return [.. picked.Select(static block => block.Piece)];
    }

    private static PieceSet Range(int first, int end)
    {
        var pieces = new PieceSet(Pieces);
        for (int piece = first; piece < end; piece++)
            pieces.Add(piece);
        return pieces;
    }
}
