using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>What is suggested while we seed: pieces that nobody has who shares, to one peer each.</summary>
public sealed class UnspreadHintsTests
{
    private static readonly PieceMap Map = new(40, 64 * 1024, 40L * 64 * 1024);
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    private readonly LinkTable _links = new();
    private readonly SwarmLink _one = Link(1), _other = Link(2), _third = Link(3);
    private SeedHints _hints;

    public UnspreadHintsTests()
    {
        _hints = Hints(Pieces(0, Map.PieceCount));
        foreach (SwarmLink link in (SwarmLink[])[_one, _other, _third])
        {
            Assert.True(link.Pieces.TryArm(Map.PieceCount));
            _links.Add(link);
        }
    }

    [Fact]
    public void A_peer_is_kept_busy_with_half_a_mebibyte_and_no_more()
    {
        Offer(_one);
        Assert.Equal(8, _one.Hinted!.Count);
        Offer(_one);
        Assert.Equal(8, _one.Hinted.Count);
    }

    [Fact]
    public void Few_pieces_are_shared_out_evenly()
    {
        Has(_one, Pieces(5, Map.PieceCount));
        Offer(_other, sharers: 2);
        Offer(_third, sharers: 2);
        Assert.Equal((3, 2), (_other.Hinted!.Count, _third.Hinted!.Count));
    }

    [Fact]
    public void While_we_lack_something_nothing_is_suggested()
    {
        _hints = Hints(Pieces(0, Map.PieceCount - 1));
        Offer(_one);
        Assert.Null(_one.Hinted);
    }

    [Fact]
    public void A_keeper_is_suggested_nothing_and_what_it_gets_is_still_for_others()
    {
        Has(_other, Pieces(1, Map.PieceCount));
        _one.IsKeeper = true;
        Offer(_one);
        Assert.Null(_one.Hinted);
        _hints.Had(_one, 0, sharers: 1, TimeSpan.Zero);
        Offer(_third);
        Assert.Equal([0], _third.Hinted!);
    }

    [Fact]
    public void Nobody_is_suggested_what_it_has()
    {
        _one.IsKeeper = true;
        Has(_one, Pieces(0, 4));
        Has(_other, Pieces(4, Map.PieceCount));
        Offer(_other, sharers: 4);
        Assert.Single(_other.Hinted!);
        _one.IsKeeper = false;
        Offer(_one);
        Assert.Empty(_one.Hinted!);
    }

    [Fact]
    public void What_a_leaver_came_with_is_suggested_when_a_minute_is_over()
    {
        Has(_one, Pieces(0, Map.PieceCount));
        Offer(_other);
        _links.Remove(_one);
        _hints.Gone(_one);
        Offer(_other, at: Minute);
        Assert.False(_hints.IsSpreading);
        Offer(_other, at: Minute + TimeSpan.FromTicks(1));
        Assert.NotEmpty(_other.Hinted!);
    }

    [Fact]
    public void What_a_closing_link_has_is_suggested_to_others()
    {
        Has(_one, Pieces(0, Map.PieceCount));
        _one.IsClosing = true;
        Offer(_other);
        Assert.NotEmpty(_other.Hinted!);
    }

    [Fact]
    public void A_second_look_leaves_to_each_what_was_suggested_to_it_and_forgets_nobody_s_merit()
    {
        Has(_one, Pieces(2, Map.PieceCount));
        Offer(_other);
        Get(_other, 0);
        Assert.Equal([1], _other.Hinted!);
        Offer(_third, at: 2 * Minute);
        Assert.False(_third.Hinted is { Count: > 0 });
        Get(_third, 0);
        Assert.Equal(1, _other.PassedOn);
    }

    [Fact]
    public void Only_a_suggested_piece_makes_room_for_another_and_only_at_a_peer_that_may_download()
    {
        Offer(_one);
        Assert.Equal(8, _one.Hinted!.Count);
        Get(_one, _one.Hinted.First());
        Assert.Equal(7, _one.Hinted.Count);
        _one.AmUnchoking = true;
        Get(_one, Enumerable.Range(0, Map.PieceCount).First(piece => !_one.Pieces[piece] && !_one.Hinted.Contains(piece)));
        Assert.Equal(7, _one.Hinted.Count);
        Get(_one, _one.Hinted.First());
        Assert.Equal(8, _one.Hinted.Count);
    }

    [Fact]
    public void What_is_withdrawn_is_for_others_unless_somebody_has_it_by_now()
    {
        Has(_one, Pieces(2, Map.PieceCount));
        Offer(_other);
        Get(_one, 0);
        _hints.Withdraw(_other);
        Assert.Null(_other.Hinted);
        Offer(_third);
        Assert.Equal([1], _third.Hinted!);
    }

    [Fact]
    public void What_is_withdrawn_is_for_others_also_when_a_keeper_has_it()
    {
        Has(_other, Pieces(1, Map.PieceCount));
        _one.IsKeeper = true;
        Offer(_third);
        Get(_one, 0);
        _hints.Withdraw(_third);
        Offer(_other);
        Assert.Equal([0], _other.Hinted!);
    }

    [Fact]
    public void What_only_a_leaver_had_is_suggested_once()
    {
        Has(_one, Pieces(2, Map.PieceCount));
        Offer(_other);
        // The third peer got both from elsewhere; one of them is on its way to the other one, too.
        Get(_third, 0);
        Get(_third, 1);
        _other.Hinted!.Remove(1);
        _links.Remove(_third);
        _hints.Gone(_third);
        Offer(_one);
        Assert.Equal([1], _one.Hinted!);
        Assert.Equal([0], _other.Hinted);
    }

    [Fact]
    public void What_peers_came_with_was_passed_on_by_nobody()
    {
        Has(_one, Pieces(0, 4));
        Offer(_third);
        Get(_other, 0);
        Assert.Null(_other.Kept);
        Get(_other, 4);
        Assert.Equal([4], _other.Kept!.Keys);
    }

    [Fact]
    public void Nobody_passed_on_what_was_gone_with_it()
    {
        Offer(_other);
        Get(_third, 0);
        _links.Remove(_third);
        _hints.Gone(_third);
        Get(_one, 0);
        Assert.Equal((0, 1), (_third.PassedOn, _one.Kept!.Count));
    }

    [Fact]
    public void What_a_peer_says_to_have_later_is_suggested_to_nobody_and_kept_by_nobody()
    {
        Has(_one, Pieces(4, Map.PieceCount));
        Offer(_other, sharers: 4);
        Get(_third, 0);
        Has(_one, Pieces(0, Map.PieceCount));
        _hints.Told(_one);
        Assert.Empty(_third.Kept!);
        Offer(_third);
        Assert.False(_third.Hinted is { Count: > 0 });
    }

    [Fact]
    public void What_stays_with_a_keeper_is_suggested_to_others_once_it_is_found()
    {
        Travel();
        _other.Hinted = [39];
        Assert.True(_hints.TryFindKeepers(TimeSpan.FromSeconds(10)));
        Assert.True(_third.IsKeeper);
        Offer(_one);
        Assert.Equal([8, 9, 10, 11], _one.Hinted!.Order());
    }

    [Fact]
    public void Once_all_is_spread_nobody_is_judged()
    {
        Travel();
        Assert.False(_hints.TryFindKeepers(TimeSpan.FromSeconds(10)));
        Assert.False(_third.IsKeeper);
    }

    [Fact]
    public void When_pieces_were_lost_everybody_is_judged_anew()
    {
        Travel();
        _other.Hinted = [39];
        Assert.True(_hints.TryFindKeepers(TimeSpan.FromSeconds(10)));
        _hints.Forget();
        Assert.True(_third is { IsKeeper: false, Kept: null });
        Assert.Equal(0, _one.PassedOn);
        Assert.False(_hints.TryFindKeepers(TimeSpan.FromSeconds(20)));
    }

    /// <summary>All but four pieces go from one peer to the other; those four stay with the third. Nothing is left to suggest.</summary>
    private void Travel()
    {
        var nobody = Link(4);
        Assert.True(nobody.Pieces.TryArm(Map.PieceCount));
        _links.Add(nobody);
        Offer(nobody);
        nobody.Hinted = null;
        for (int piece = 0; piece < Map.PieceCount; piece++)
        {
            foreach (SwarmLink link in piece is >= 8 and < 12 ? (SwarmLink[])[_third] : [_one, _other])
                Get(link, piece);
        }
    }

    private void Get(SwarmLink link, int piece)
    {
        Assert.Equal(SwarmError.None, link.Pieces.Add(piece, out _));
        _hints.Had(link, piece, sharers: 1, TimeSpan.Zero);
    }

    private void Offer(SwarmLink link, int sharers = 1, TimeSpan at = default) => _hints.Offer(link, sharers, at);

    private static void Has(SwarmLink link, PieceSet pieces) => Assert.Equal(SwarmError.None, link.Pieces.SetBits(pieces.Bytes.ToArray()));

    private SeedHints Hints(PieceSet have)
    {
        var outbox = new Outbox();
        var options = new SwarmOptions();
        var desk = new LeaseDesk(_links, outbox, options);
        desk.Arm(new PieceWork(Map, have, Pieces(0, Map.PieceCount), options, new Random(1), []));
        return new SeedHints(_links, outbox, desk, new Random(2));
    }

    private static PieceSet Pieces(int first, int end)
    {
        var pieces = new PieceSet(Map.PieceCount);
        for (int piece = first; piece < end; piece++)
            pieces.Add(piece);
        return pieces;
    }

    private static SwarmLink Link(int id) => new(id, VirtualSwarm.Address(id), isOutbound: true, isFast: true, TimeSpan.Zero);
}
