using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>Which pieces in the queue of a seed give way to rarer ones once somebody else has got them.</summary>
public sealed class SeedReliefTests
{
    private static readonly TimeSpan Now = TimeSpan.FromSeconds(10);

    private readonly LinkTable _links = new();
    private readonly SwarmLink _seed = Link(1), _other = Link(2);
    private readonly LeaseDesk _desk;
    private readonly SeedRelief _relief;

    public SeedReliefTests()
    {
        _desk = new LeaseDesk(_links, new Outbox(), new SwarmOptions());
        _relief = new SeedRelief(_desk);
    }

    [Theory]
    [InlineData(16, 3, false)]
    [InlineData(16, 4, true)]
    [InlineData(32, 7, false)]
    [InlineData(32, 8, true)]
    public void What_stands_in_the_first_quarter_of_the_queue_is_under_way(int window, int place, bool givesWay)
    {
        _seed.Window.SetLimit(window);
        _seed.Window.Received(window - 16, 0, TimeSpan.FromSeconds(1));
        Ask(pieces: 100, blocks: 1);
        Assert.Equal(window, _seed.Requests.Count);
        Assert.Equal(givesWay, GivesWay(_seed.Requests[place].Piece));
    }

    [Fact]
    public void A_piece_of_which_a_block_has_come_stays()
    {
        Ask(pieces: 20, blocks: 4);
        BlockRequest asked = _seed.Requests[8];
        _desk.Receive(_seed, [new BlockReceipt(_desk.Work!.Map.Block(asked.Piece, asked.Block), true)], Now);
        Assert.False(GivesWay(asked.Piece));
        Assert.True(GivesWay(_seed.Requests[12].Piece));
    }

    [Fact]
    public void A_piece_that_somebody_else_is_asked_for_too_stays()
    {
        Ask(pieces: 20, blocks: 4);
        int piece = _seed.Requests[8].Piece;
        Assert.True(_desk.Work!.Open[piece].TryAsk(0, _other));
        Assert.False(GivesWay(piece));
    }

    [Fact]
    public void A_piece_that_was_bad_before_stays()
    {
        Ask(pieces: 20, blocks: 4);
        int piece = _seed.Requests[0].Piece;
        _desk.Receive(_seed, [.. Enumerable.Range(0, 4).Select(block => new BlockReceipt(_desk.Work!.Map.Block(piece, block), true))], Now);
        _desk.Failed(piece, Now);
        _desk.Settle(Now);
        Assert.Equal(_seed, _desk.Work!.Open[piece].Primary);
        Assert.False(GivesWay(piece));
    }

    [Fact]
    public void What_a_peer_that_is_no_seed_brings_stays()
    {
        for (int piece = 0; piece < 10; piece++)
            Assert.Equal(SwarmError.None, Armed(_other, 20).Pieces.Add(piece, out _));
        Ask(pieces: 20, blocks: 4, _other);
        _desk.Work!.Order!.AddPeer(Whole(_seed, 20).Pieces);
        Assert.False(GivesWay(_other.Requests[8].Piece));
    }

    [Fact]
    public void Without_a_rarer_piece_that_waits_nothing_gives_way()
    {
        Ask(pieces: 4, blocks: 4);
        int first = _seed.Requests[0].Piece, last = _seed.Requests[12].Piece;
        // Only the first two pieces are rare still, and they come sooner.
        _desk.Work!.Order!.Rise(_seed.Requests[8].Piece);
        Assert.False(GivesWay(last));
        Assert.False(GivesWay(_seed.Requests[8].Piece));
        Assert.True(_desk.Work.Order.IsOnlyAtSeeds(first));
    }

    [Fact]
    public void What_is_not_asked_from_the_seed_any_more_can_not_give_way()
    {
        Ask(pieces: 100, blocks: 1);
        int piece = _seed.Requests[0].Piece;
        Assert.True(_seed.Requests.TryRemove(piece, 0, out _));
        _desk.Work!.Open[piece].Release(0, _seed);
        Assert.False(GivesWay(piece));
    }

    [Fact]
    public void A_rarer_piece_that_stands_last_in_the_queue_is_waited_for()
    {
        Ask(pieces: 4, blocks: 4);
        Assert.True(GivesWay(_seed.Requests[8].Piece));
    }

    /// <summary>The other peer gets the piece; whether it is not asked from the seed any more.</summary>
    private bool GivesWay(int piece)
    {
        _desk.Work!.Order!.Rise(piece);
        _relief.Spread(piece, Now);
        return !_desk.Work.Open.ContainsKey(piece);
    }

    /// <summary>Asks the supplier, else a seed, for as much as its window takes.</summary>
    private void Ask(int pieces, int blocks, SwarmLink? supplier = null)
    {
        var all = new PieceSet(pieces);
        all.Fill();
        int length = blocks * BlockAddress.Size;
        var options = new SwarmOptions();
        supplier ??= Whole(_seed, pieces);
        supplier.PeerChoking = false;
        _links.Add(supplier);
        _desk.Arm(new PieceWork(new PieceMap(pieces, length, (long)pieces * length), new PieceSet(pieces), all, options, new Random(1), _links.All));
        _desk.Wake(supplier);
        _desk.Settle(Now);
    }

    private static SwarmLink Whole(SwarmLink link, int pieces)
    {
        Assert.Equal(SwarmError.None, Armed(link, pieces).Pieces.SetAll());
        return link;
    }

    private static SwarmLink Armed(SwarmLink link, int pieces)
    {
        if (!link.Pieces.IsArmed)
            Assert.True(link.Pieces.TryArm(pieces));
        return link;
    }

    private static SwarmLink Link(int id) => new(id, VirtualSwarm.Address(id), true, true, Now);
}
