using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>Who takes over what from whom when no piece is left to begin, and who joins a piece before that.</summary>
public sealed class EndGameTests
{
    private readonly TorrentSwarm _swarm = new(new SwarmOptions(), new Random(1));
    private readonly Dictionary<int, List<BlockAddress>> _leased = [];
    private readonly List<(int Link, int Block)> _cancelled = [];

    // So many blocks of a second each take the first peer so many seconds.
    [Theory]
    [InlineData(30, false)]
    [InlineData(31, true)]
    public void A_piece_that_would_take_its_peer_more_than_half_a_minute_is_shared_before_another_is_begun(int blocks, bool isShared)
    {
        Arm(pieces: 2, blocks);
        Open(1, limit: 2);
        Open(2, limit: 2);
        Assert.Equal([0, 1], BlocksOf(1));
        Assert.Equal(isShared ? [blocks - 2, blocks - 1] : [0, 1], BlocksOf(2));
        Assert.Equal(isShared, _leased[1][0].Piece == _leased[2][0].Piece);
    }

    [Fact]
    public void What_stands_far_back_in_the_queue_of_a_slow_peer_is_moved_to_a_fast_one()
    {
        Arm(pieces: 1, blocks: 16);
        Open(1, limit: 8);
        Open(2, limit: 8);
        Receive(1, 0.05, count: 1);
        Receive(2, 0.1, count: 8);
        // The two blocks at the head are taken to be under way.
        Assert.Equal([(1, 7), (1, 6), (1, 5), (1, 4), (1, 3)], _cancelled);
        Assert.Equal([1, 2], BlocksOf(1));
        Assert.Equal([7, 6, 5, 4, 3], BlocksOf(2));
    }

    [Fact]
    public void What_a_stalled_peer_owes_is_asked_from_another_too_and_cancelled_nowhere()
    {
        Arm(pieces: 1, blocks: 5);
        Open(1, limit: 4);
        Open(2, limit: 16);
        Receive(2, 0.1, count: 1);
        Assert.Empty(BlocksOf(2));
        Tick(8);
        Assert.Equal([3, 2, 1, 0], BlocksOf(2));
        Assert.Equal([0, 1, 2, 3], BlocksOf(1));
        Assert.Empty(_cancelled);
    }

    [Fact]
    public void Who_owes_blocks_itself_takes_none_over()
    {
        Arm(pieces: 1, blocks: 4);
        Open(1, limit: 2);
        Open(2, limit: 16);
        Tick(8);
        Assert.Equal([2, 3], BlocksOf(2));
        Open(3, limit: 16, at: 8);
        Assert.Equal([0, 1, 2, 3], BlocksOf(3).Order());
    }

    [Fact]
    public void Of_those_who_stall_the_one_with_the_lowest_number_is_relieved_first()
    {
        Arm(pieces: 1, blocks: 4);
        Open(2, limit: 2);
        Open(1, limit: 2);
        Assert.Equal([2, 3], BlocksOf(1));
        Open(3, limit: 2, at: 8);
        Assert.Equal([3, 2], BlocksOf(3));
    }

    private void Arm(int pieces, int blocks)
    {
        var wanted = new PieceSet(pieces);
        wanted.Fill();
        _swarm.Arm(new PieceMap(pieces, blocks * BlockAddress.Size, pieces * (long)blocks * BlockAddress.Size), new PieceSet(pieces), wanted, TimeSpan.Zero);
    }

    /// <summary>A seed that lets us download and takes so many requests at once.</summary>
    private void Open(int link, int limit, int at = 0)
    {
        TimeSpan now = TimeSpan.FromSeconds(at);
        _leased[link] = [];
        _swarm.LinkOpened(link, VirtualSwarm.Address(link), true, true, now);
        _swarm.SetRequestLimit(link, limit);
        _swarm.Handle(link, new PeerMessage(PeerMessageKind.HaveAll), now);
        _swarm.Handle(link, new PeerMessage(PeerMessageKind.Unchoke), now);
        Drain();
    }

    /// <summary>The first blocks that the link was asked for come.</summary>
    private void Receive(int link, double at, int count)
    {
        BlockReceipt[] receipts = [.. _leased[link].Take(count).Select(static b => new BlockReceipt(b, true))];
        _leased[link].RemoveRange(0, count);
        _swarm.BlocksReceived(link, receipts, _leased[link].Count, TimeSpan.FromSeconds(at));
        Drain();
    }

    private void Tick(double at)
    {
        _swarm.Advance(TimeSpan.FromSeconds(at));
        Drain();
    }

    private IEnumerable<int> BlocksOf(int link) => _leased[link].Select(static b => b.Begin / BlockAddress.Size);

    private void Drain()
    {
        while (_swarm.TryTake(out SwarmOutput output))
        {
            if (output.Kind == SwarmOutputKind.Lease)
            {
                _leased[output.Link].AddRange(_swarm.Blocks);
            }
            else if (output.Kind == SwarmOutputKind.CancelBlocks)
            {
                foreach (BlockAddress block in _swarm.Blocks)
                {
                    _leased[output.Link].Remove(block);
                    _cancelled.Add((output.Link, block.Begin / BlockAddress.Size));
                }
            }
        }
    }
}
