using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>What becomes of blocks that were asked for and come back: rejected, refused a place, given up, or of a piece that failed meanwhile.</summary>
public sealed class ReturnedBlocksTests
{
    private const int Pieces = 10;
    private const int Blocks = 4;
    private static readonly TimeSpan Stuck = TimeSpan.FromSeconds(31);

    private readonly LinkTable _links = new();
    private readonly Outbox _outbox = new();
    private readonly LeaseDesk _desk;
    private PieceWork _work = null!;

    public ReturnedBlocksTests() => _desk = new LeaseDesk(_links, _outbox, new SwarmOptions());

    [Fact]
    public void Others_go_on_with_the_piece_of_a_peer_that_makes_us_wait_and_of_no_other()
    {
        Arm();
        SwarmLink busy = Open(1, limit: 2), choked = Open(2, limit: 2), next = Open(3, limit: 1);
        Settle(busy);
        int piece = Settle(choked)[0].Piece;
        _desk.Resign(choked);
        Assert.Equal([Block(piece, 2)], Settle(next));
    }

    [Fact]
    public void What_a_peer_rejects_is_asked_from_another()
    {
        Arm(pieces: 1);
        SwarmLink one = Open(1, limit: 4), other = Open(2, limit: 4);
        BlockAddress rejected = Settle(one)[3];
        Assert.Empty(Settle(other));
        Assert.True(_desk.Reject(one, rejected));
        Assert.Equal([rejected], Settle(other));
    }

    [Fact]
    public void An_empty_report_does_not_restore_what_a_peer_takes_after_it_turned_a_request_down()
    {
        Arm();
        SwarmLink link = Open(1, limit: 16);
        List<BlockAddress> asked = Settle(link);
        foreach (BlockAddress block in asked)
            _desk.Reject(link, block);
        _desk.Receive(link, [], TimeSpan.FromSeconds(1));
        Settle(link, TimeSpan.FromSeconds(10));
        Assert.Equal(1, link.Window.Size);
    }

    [Fact]
    public void What_got_no_place_of_a_piece_that_is_under_way_stays_begun()
    {
        Arm();
        SwarmLink link = Open(1, limit: 2);
        BlockAddress[] asked = [.. Settle(link)];
        int piece = asked[0].Piece;
        _desk.Refused(link, asked[..1]);
        Assert.True(_work.Open.ContainsKey(piece));
        Receive(link, asked[1]);
        Take();
        _desk.Settle(TimeSpan.Zero);
        _desk.Refused(link, [.. Take()]);
        Assert.True(_work.Open.ContainsKey(piece));
    }

    [Fact]
    public void A_piece_that_was_bad_stays_begun_though_its_blocks_got_no_place()
    {
        Arm();
        SwarmLink link = Open(1, limit: 4);
        BlockAddress[] asked = [.. Settle(link)];
        Receive(link, asked);
        Take();
        _desk.Failed(asked[0].Piece, TimeSpan.Zero);
        BlockAddress[] again = [.. Settle(link)];
        Assert.Equal(asked, again);
        _desk.Refused(link, again);
        Assert.True(_work.Open.ContainsKey(asked[0].Piece));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Answers_for_a_piece_that_is_dropped_are_due_only_when_some_of_it_was_asked(int asked, bool isOwed)
    {
        Arm();
        SwarmLink link = Open(1, limit: 4);
        OpenPiece open = _work.Begin(5, TimeSpan.Zero);
        for (int block = 0; block < asked; block++)
            Assert.True(_work.TryAsk(open, block, link, TimeSpan.Zero, []));
        _desk.Drop(open);
        Assert.Equal(isOwed, _work.Begin(5, TimeSpan.Zero).MayBeOwed);
    }

    [Fact]
    public void Answers_for_a_piece_that_failed_and_is_dropped_can_still_be_due()
    {
        Arm();
        OpenPiece open = _work.Begin(5, TimeSpan.Zero);
        _work.Retry(open, TimeSpan.Zero);
        _desk.Drop(open);
        Assert.True(_work.Begin(5, TimeSpan.Zero).MayBeOwed);
    }

    [Fact]
    public void What_gave_way_may_be_asked_again_as_soon_as_nothing_is_open()
    {
        Arm(pieces: 1);
        SwarmLink link = Open(1, limit: 4);
        link.Yield(0, TimeSpan.Zero);
        Assert.Equal(4, Settle(link).Count);
    }

    [Fact]
    public void Blocks_that_were_under_way_when_their_piece_failed_are_asked_again()
    {
        Arm(pieces: 1);
        SwarmLink link = Open(1, limit: 4);
        BlockAddress[] asked = [.. Settle(link)];
        _desk.Failed(0, TimeSpan.Zero);
        Receive(link, asked);
        Assert.Equal(asked, Settle(link));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_block_that_comes_a_second_time_is_wasted(bool isUsed)
    {
        Arm(pieces: 1);
        SwarmLink link = Open(1, limit: 4);
        BlockAddress block = Settle(link)[0];
        Receive(link, block);
        _desk.Receive(link, [new BlockReceipt(block, isUsed)], TimeSpan.Zero);
        Assert.Equal(BlockAddress.Size, _desk.WastedBytes);
    }

    [Fact]
    public void What_comes_before_the_torrent_is_armed_is_wasted()
    {
        _desk.Receive(Link(1, limit: 4), [new BlockReceipt(Block(0, 0), false)], TimeSpan.Zero);
        Assert.Equal(BlockAddress.Size, _desk.WastedBytes);
    }

    [Fact]
    public void Nobody_is_asked_before_the_torrent_is_armed_while_it_is_held_or_once_it_is_complete()
    {
        Assert.Empty(Settle(Link(1, limit: 4)));
        Arm(pieces: 1);
        SwarmLink link = Open(2, limit: 4);
        _desk.IsHeld = true;
        Assert.Empty(Settle(link));
        _desk.IsHeld = false;
        Assert.Equal(4, Settle(link).Count);
        _work.TryGain(0);
        Receive(link, Block(0, 0));
        Assert.Empty(Settle(link));
    }

    [Fact]
    public void Who_makes_us_wait_is_not_taken_for_one_that_could_give_more()
    {
        Arm();
        SwarmLink link = Open(1, limit: 4);
        link.PeerChoking = true;
        Assert.Empty(Settle(link));
        Assert.False(link.IsHungry);
    }

    [Theory]
    [InlineData(1, true, true)]
    [InlineData(1, false, false)]
    [InlineData(Blocks, true, false)]
    public void A_piece_that_nobody_goes_on_with_is_given_up_while_the_disk_is_busy(int received, bool isDiskBusy, bool isGivenUp)
    {
        Arm();
        SwarmLink link = Open(1, limit: 4);
        BlockAddress[] asked = [.. Settle(link)];
        Receive(link, asked[..received]);
        link.IsClosing = true;
        _desk.ReleaseAll(link, cancel: false);
        _desk.IsDiskBusy = isDiskBusy;
        _desk.Tick(Stuck);
        Assert.Equal(!isGivenUp, _work.Open.ContainsKey(asked[0].Piece));
    }

    private void Arm(int pieces = Pieces)
    {
        PieceSet all = new(pieces);
        all.Fill();
        var map = new PieceMap(pieces, Blocks * BlockAddress.Size, (long)pieces * Blocks * BlockAddress.Size);
        _work = new PieceWork(map, new PieceSet(pieces), all, new SwarmOptions(), new Random(1), []);
        _desk.Arm(_work);
    }

    /// <summary>A seed that lets us download and takes so many requests.</summary>
    private SwarmLink Open(int id, int limit)
    {
        SwarmLink link = Link(id, limit);
        Assert.True(link.Pieces.TryArm(_work.Map.PieceCount));
        link.Pieces.SetAll();
        _work.Order!.AddPeer(link.Pieces);
        _links.Add(link);
        return link;
    }

    private static SwarmLink Link(int id, int limit)
    {
        var link = new SwarmLink(id, VirtualSwarm.Address(id), true, true, TimeSpan.Zero) { PeerChoking = false };
        link.Window.SetLimit(limit);
        return link;
    }

    private void Receive(SwarmLink link, params BlockAddress[] blocks)
        => _desk.Receive(link, [.. blocks.Select(static block => new BlockReceipt(block, true))], TimeSpan.Zero);

    /// <summary>The blocks that the link, and whoever else waits, is given now.</summary>
    private List<BlockAddress> Settle(SwarmLink link, TimeSpan now = default)
    {
        _desk.Wake(link);
        _desk.Settle(now);
        return Take();
    }

    private List<BlockAddress> Take()
    {
        List<BlockAddress> leased = [];
        while (_outbox.TryTake(out SwarmOutput output))
        {
            if (output.Kind == SwarmOutputKind.Lease)
                leased.AddRange(_outbox.TakenBlocks);
        }
        return leased;
    }

    private static BlockAddress Block(int piece, int block) => new(piece, block * BlockAddress.Size, BlockAddress.Size);
}
