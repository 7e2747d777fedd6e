using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

public sealed class SpreadBookTests
{
    private const int Pieces = 64;
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(10);

    private readonly LinkTable _links = new();
    private readonly SwarmLink _giver = Link(1), _keeper = Link(2), _third = Link(3);
    private readonly SpreadBook _book;

    public SpreadBookTests()
    {
        foreach (SwarmLink link in (SwarmLink[])[_giver, _keeper, _third])
            _links.Add(link);
        _book = new SpreadBook(_links, Pieces);
    }

    [Fact]
    public void Whose_pieces_stay_while_others_travel_is_a_keeper()
    {
        Give(passed: 8, kept: 4);
        Assert.Equal([_keeper], Judge(Later));
        Assert.True(_keeper.IsKeeper);
        Assert.False(_giver.IsKeeper);
        // Known ones are not found again.
        Assert.Empty(Judge(Later));
        Assert.True(_keeper.IsKeeper);
    }

    [Theory]
    [InlineData(7, 4, 10)]
    [InlineData(8, 3, 10)]
    [InlineData(8, 4, 4)]
    public void Little_is_not_judged_and_neither_is_what_came_just_now(int passed, int kept, int seconds)
    {
        Give(passed, kept);
        Assert.Empty(Judge(TimeSpan.FromSeconds(seconds)));
        Assert.False(_keeper.IsKeeper);
    }

    [Theory]
    [InlineData(6, false)]
    [InlineData(7, true)]
    public void Who_passed_one_on_has_longer_to_pass_on_the_next(int kept, bool isKeeper)
    {
        Give(passed: 8, kept + 1);
        _book.Had(_third, 8, fromUs: false, TimeSpan.Zero);
        Assert.Equal(isKeeper ? [_keeper] : [], Judge(Later));
        Assert.Equal((kept, 1), (_keeper.Kept!.Count, _keeper.PassedOn));
    }

    [Fact]
    public void A_keeper_stays_one_when_others_get_its_pieces_from_us()
    {
        Give(passed: 8, kept: 4);
        Judge(Later);
        for (int piece = 8; piece < 12; piece++)
            _book.Had(_third, piece, fromUs: true, Later);
        Assert.Empty(Judge(Later));
        Assert.Empty(_keeper.Kept!);
        Assert.True(_keeper.IsKeeper);
    }

    [Fact]
    public void Where_nothing_travels_nobody_keeps()
    {
        for (int piece = 0; piece < 40; piece++)
            _book.Had(piece % 2 == 0 ? _giver : _keeper, piece, fromUs: false, TimeSpan.Zero);
        Assert.Empty(Judge(Later));
    }

    [Fact]
    public void Pieces_that_others_had_from_us_clear_nobody()
    {
        Give(passed: 8, kept: 5);
        for (int piece = 8; piece < 12; piece++)
            _book.Had(_third, piece, fromUs: true, TimeSpan.Zero);
        Assert.Equal((1, 0), (_keeper.Kept!.Count, _keeper.PassedOn));
        Assert.Empty(Judge(Later));
    }

    [Fact]
    public void Who_passes_on_after_all_is_a_keeper_no_more()
    {
        Give(passed: 8, kept: 4);
        Judge(Later);
        for (int piece = 8; piece < 12; piece++)
            _book.Had(_third, piece, fromUs: false, Later);
        Judge(Later);
        Assert.False(_keeper.IsKeeper);
        Assert.Equal(4, _keeper.PassedOn);
    }

    [Fact]
    public void What_a_peer_came_with_and_what_a_leaver_had_say_nothing()
    {
        _third.Pieces.TryArm(Pieces);
        _third.Pieces.Add(0, out _);
        _book.Told(_third);
        _book.Had(_keeper, 0, fromUs: false, TimeSpan.Zero);
        Assert.Null(_keeper.Kept);
        _book.Had(_keeper, 1, fromUs: false, TimeSpan.Zero);
        _book.Gone(_keeper);
        _book.Had(_giver, 1, fromUs: false, TimeSpan.Zero);
        Assert.Equal([1], _giver.Kept!.Keys);
        Assert.Equal(0, _keeper.PassedOn);
    }

    [Fact]
    public void A_piece_that_came_five_seconds_ago_counts()
    {
        Give(passed: 8, kept: 4);
        Assert.Equal([_keeper], Judge(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void Who_says_anew_what_it_has_keeps_its_merit()
    {
        Assert.True(_giver.Pieces.TryArm(Pieces));
        Assert.Equal(SwarmError.None, _giver.Pieces.Add(0, out _));
        _book.Had(_giver, 0, fromUs: true, TimeSpan.Zero);
        _book.Told(_giver);
        Assert.Equal([0], _giver.Kept!.Keys);
        _book.Had(_third, 0, fromUs: false, TimeSpan.Zero);
        Assert.Equal((0, 1), (_giver.Kept.Count, _giver.PassedOn));
    }

    [Fact]
    public void What_others_turn_out_to_have_is_kept_by_nobody()
    {
        Give(passed: 0, kept: 4);
        _book.Had(_keeper, Pieces - 1, fromUs: true, TimeSpan.Zero);
        Assert.True(_third.Pieces.TryArm(Pieces));
        Assert.Equal(SwarmError.None, _third.Pieces.SetAll());
        _book.Told(_third);
        Assert.Empty(_keeper.Kept!);
        Assert.Equal(0, _keeper.PassedOn);
    }

    [Fact]
    public void Nobody_passes_a_piece_on_to_itself()
    {
        _book.Had(_keeper, 0, fromUs: true, TimeSpan.Zero);
        _book.Had(_keeper, 0, fromUs: false, TimeSpan.Zero);
        Assert.Equal((1, 0), (_keeper.Kept!.Count, _keeper.PassedOn));
    }

    /// <summary>The giver's first pieces reach the third peer; those of the keeper stay with it.</summary>
    private void Give(int passed, int kept)
    {
        for (int piece = 0; piece < passed; piece++)
        {
            _book.Had(_giver, piece, fromUs: true, TimeSpan.Zero);
            _book.Had(_third, piece, fromUs: false, TimeSpan.Zero);
        }
        for (int piece = 8; piece < 8 + kept; piece++)
            _book.Had(_keeper, piece, fromUs: true, TimeSpan.Zero);
    }

    private List<SwarmLink> Judge(TimeSpan now)
    {
        var found = new List<SwarmLink>();
        _book.Judge(now, found);
        return found;
    }

    private static SwarmLink Link(int id) => new(id, VirtualSwarm.Address(id), isOutbound: true, isFast: true, TimeSpan.Zero);
}
