using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>What becomes of slots and suggestions while we seed and some keep what they get.</summary>
public sealed class ChokerKeeperTests
{
    private const int Pieces = 40;

    private readonly LinkTable _links = new();
    private readonly SeedHints _hints;
    private Choker _choker;

    public ChokerKeeperTests()
    {
        var outbox = new Outbox();
        var options = new SwarmOptions();
        PieceSet all = Range(0, Pieces);
        var desk = new LeaseDesk(_links, outbox, options);
        desk.Arm(new PieceWork(new PieceMap(Pieces, 64 * 1024, Pieces * 64L * 1024), all, all, options, new Random(1), []));
        _hints = new SeedHints(_links, outbox, desk, new Random(2));
        _choker = Choker(seed: 3);
    }

    [Theory]
    [InlineData(true, true, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    public void A_keeper_does_not_keep_its_slot_while_something_is_not_spread(bool isKeeper, bool isSpreading, bool isKept)
    {
        int kept = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            _links.All.Clear();
            _choker = Choker(seed);
            _choker.SetSlots(2, TimeSpan.Zero);
            SwarmLink link = Open(100 * seed + 1, isFast: false);
            _choker.BecameInterested(link, TimeSpan.Zero);
            link.IsKeeper = isKeeper;
            for (int id = 2; id < 8; id++)
                Open(100 * seed + id, isFast: false);
            _links.All[^1].Hinted = isSpreading ? [5] : null;
            _choker.Advance(TimeSpan.FromSeconds(10));
            kept += link.AmUnchoking ? 1 : 0;
        }
        Assert.Equal(isKept, kept == 20);
    }

    [Theory]
    [InlineData(true, 0.2)]
    [InlineData(false, 0.5)]
    public void A_keeper_has_a_quarter_of_the_chance_while_something_is_not_spread(bool isSpreading, double share)
    {
        const int draws = 400;
        int drawn = 0;
        for (int seed = 0; seed < draws; seed++)
        {
            _links.All.Clear();
            _choker = Choker(seed);
            _choker.SetSlots(1, TimeSpan.Zero);
            SwarmLink keeper = Open(10 * seed + 1, isFast: false), other = Open(10 * seed + 2, isFast: false);
            keeper.IsKeeper = true;
            other.Hinted = isSpreading ? [5] : null;
            _choker.Advance(TimeSpan.FromSeconds(100));
            drawn += keeper.AmUnchoking ? 1 : 0;
        }
        Assert.InRange(drawn, draws * (share - 0.08), draws * (share + 0.08));
    }

    [Fact]
    public void Keepers_are_looked_for_every_other_second_and_a_round_begins_when_one_is_found()
    {
        SwarmLink one = Open(1), other = Open(2), keeper = Open(3), newcomer = Open(4);
        _links.All.ForEach(static link => link.PeerInterested = false);
        _choker.SetSlots(2, TimeSpan.Zero);
        _hints.Offer(newcomer, sharers: 1, TimeSpan.Zero);
        for (int piece = 0; piece < 8; piece++)
        {
            _hints.Had(one, piece, sharers: 1, TimeSpan.Zero);
            _hints.Had(other, piece, sharers: 1, TimeSpan.Zero);
        }
        // What came less than five seconds ago says nothing.
        for (int piece = 8; piece < 12; piece++)
            _hints.Had(keeper, piece, sharers: 1, TimeSpan.FromSeconds(5.5));
        foreach ((int second, int nextRound) in ((int, int)[])[(10, 20), (11, 20), (12, 22)])
        {
            _choker.Advance(TimeSpan.FromSeconds(second));
            Assert.Equal(TimeSpan.FromSeconds(nextRound), _choker.NextRound);
        }
        Assert.True(keeper.IsKeeper);
    }

    [Fact]
    public void What_was_suggested_to_a_peer_that_is_choked_is_suggested_to_the_next()
    {
        SwarmLink first = Open(1), next = Open(2), owner = Open(3);
        Assert.Equal(SwarmError.None, owner.Pieces.SetBits(Range(1, Pieces).Bytes.ToArray()));
        owner.PeerInterested = false;
        _choker.SetSlots(1, TimeSpan.Zero);
        SwarmLink served = first.AmUnchoking ? first : next, waiting = served == first ? next : first;
        Assert.Equal([0], served.Hinted!);
        served.PeerInterested = false;
        _choker.LostInterest(served, TimeSpan.FromSeconds(1));
        Assert.Null(served.Hinted);
        Assert.Equal([0], waiting.Hinted!);
    }

    [Fact]
    public void What_only_a_leaver_had_got_is_spread_no_more()
    {
        SwarmLink leaver = Open(1), owner = Open(2);
        Assert.Equal(SwarmError.None, owner.Pieces.SetBits(Range(1, Pieces).Bytes.ToArray()));
        owner.PeerInterested = false;
        _choker.SetSlots(1, TimeSpan.Zero);
        _hints.Had(leaver, 0, sharers: 1, TimeSpan.FromSeconds(1));
        Assert.False(_hints.IsSpreading);
        _links.Remove(leaver);
        _choker.Gone(leaver, TimeSpan.FromSeconds(2));
        Assert.True(_hints.IsSpreading);
    }

    private Choker Choker(int seed) => new(_links, new Outbox(), new SwarmOptions(), new Random(seed)) { Hints = _hints, IsSeeding = true };

    private SwarmLink Open(int id, bool isFast = true)
    {
        var link = new SwarmLink(id, VirtualSwarm.Address(id), isOutbound: true, isFast, TimeSpan.Zero) { PeerInterested = true };
        Assert.True(link.Pieces.TryArm(Pieces));
        _links.Add(link);
        return link;
    }

    private static PieceSet Range(int first, int end)
    {
        var pieces = new PieceSet(Pieces);
        for (int piece = first; piece < end; piece++)
            pieces.Add(piece);
        return pieces;
    }
}
