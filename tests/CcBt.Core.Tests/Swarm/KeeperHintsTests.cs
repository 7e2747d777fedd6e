using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>What counts as spread while we seed, with peers that keep what they get and with such that pass it on.</summary>
public sealed class KeeperHintsTests
{
    private static readonly PieceMap Map = new(40, 64 * 1024, 40L * 64 * 1024);

    private readonly LinkTable _links = new();
    private readonly SwarmLink _one = Link(1), _other = Link(2), _third = Link(3);
    private readonly SeedHints _hints;

    public KeeperHintsTests()
    {
        var outbox = new Outbox();
        var options = new SwarmOptions();
        PieceSet all = Pieces(0, Map.PieceCount);
        var desk = new LeaseDesk(_links, outbox, options);
        desk.Arm(new PieceWork(Map, all, all, options, new Random(1), []));
        _hints = new SeedHints(_links, outbox, desk, new Random(2));
        foreach (SwarmLink link in (SwarmLink[])[_one, _other, _third])
        {
            Assert.True(link.Pieces.TryArm(Map.PieceCount));
            _links.Add(link);
        }
    }

    [Fact]
    public void All_is_spread_once_the_last_piece_that_was_suggested_has_come()
    {
        Assert.False(_hints.IsSpreading);
        Has(_one, Pieces(1, Map.PieceCount));
        Offer(_other);
        Assert.Equal([0], _other.Hinted!);
        Assert.True(_hints.IsSpreading);
        _hints.Had(_other, 0, sharers: 1, TimeSpan.Zero);
        Assert.False(_hints.IsSpreading);
    }

    [Fact]
    public void Nothing_is_spread_as_long_as_it_is_only_left_to_suggest()
    {
        Offer(_one);
        _hints.Withdraw(_one);
        Assert.True(_hints.IsSpreading);
    }

    [Fact]
    public void What_only_a_keeper_has_is_suggested_to_others()
    {
        _one.IsKeeper = true;
        Has(_one, Pieces(0, 4));
        Has(_other, Pieces(4, Map.PieceCount));
        Offer(_third);
        Assert.Equal([0, 1, 2, 3], _third.Hinted!.Order());
    }

    [Fact]
    public void Who_is_found_to_keep_what_it_gets_is_news_once()
    {
        Assert.False(_hints.TryFindKeepers(TimeSpan.Zero));
        SwarmLink fourth = Link(4);
        _links.Add(fourth);
        Assert.True(fourth.Pieces.TryArm(Map.PieceCount));
        Offer(fourth);
        for (int piece = 0; piece < 8; piece++)
        {
            _hints.Had(_one, piece, sharers: 1, TimeSpan.Zero);
            _hints.Had(_other, piece, sharers: 1, TimeSpan.Zero);
        }
        for (int piece = 8; piece < 12; piece++)
            _hints.Had(_third, piece, sharers: 1, TimeSpan.Zero);
        // What came so lately can not have been passed on.
        Assert.False(_hints.TryFindKeepers(TimeSpan.FromSeconds(4)));
        Assert.True(_hints.TryFindKeepers(TimeSpan.FromSeconds(10)));
        Assert.True(_third.IsKeeper);
        Assert.False(_hints.TryFindKeepers(TimeSpan.FromSeconds(12)));
    }

    private void Offer(SwarmLink link) => _hints.Offer(link, sharers: 1, TimeSpan.Zero);

    private static void Has(SwarmLink link, PieceSet pieces) => Assert.Equal(SwarmError.None, link.Pieces.SetBits(pieces.Bytes.ToArray()));

    private static PieceSet Pieces(int first, int end)
    {
        var pieces = new PieceSet(Map.PieceCount);
        for (int piece = first; piece < end; piece++)
            pieces.Add(piece);
        return pieces;
    }

    private static SwarmLink Link(int id) => new(id, VirtualSwarm.Address(id), isOutbound: true, isFast: true, TimeSpan.Zero);
}
