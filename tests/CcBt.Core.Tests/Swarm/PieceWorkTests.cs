using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

public sealed class PieceWorkTests
{
    private static readonly PieceMap s_map = new(6, 4 * BlockAddress.Size, 21 * BlockAddress.Size);

    [Fact]
    public void Pieces_are_missing_until_they_are_gained_and_again_once_they_are_lost()
    {
        PieceWork work = Work([0], [0, 1, 5]);
        Assert.Equal((2, 5L * BlockAddress.Size), (work.Missing.Count, work.MissingBytes));
        Assert.True(work.TryGain(1));
        Assert.False(work.TryGain(1));
        Assert.Equal(1L * BlockAddress.Size, work.MissingBytes);
        Assert.False(work.IsComplete);
        Assert.True(work.TryGain(3));
        Assert.Equal(1L * BlockAddress.Size, work.MissingBytes);
        Assert.True(work.TryGain(5));
        Assert.True(work.IsComplete);
        Assert.Null(work.Order);
        Assert.False(work.TryLose(2, []));
        Assert.True(work.TryLose(3, []));
        Assert.True(work.IsComplete);
        Assert.True(work.TryLose(0, []));
        Assert.Equal((1, 4L * BlockAddress.Size, 1), (work.Missing.Count, work.MissingBytes, work.Order!.Count));
        Assert.True(work.TryLose(1, []));
        Assert.Equal((2, 2), (work.Missing.Count, work.Order!.Count));
        Assert.False(work.TryLose(1, []));
    }

    [Fact]
    public void Only_a_lost_piece_can_be_owed_at_its_first_attempt()
    {
        PieceWork work = Work([0], [0, 1]);
        work.TryLose(0, []);
        Assert.True(work.Begin(0, TimeSpan.Zero).MayBeOwed);
        Assert.False(work.Begin(1, TimeSpan.Zero).MayBeOwed);
    }

    [Fact]
    public void The_list_of_pieces_with_free_blocks_follows_every_change()
    {
        PieceWork work = Work([], [0, 1, 2, 3, 4, 5]);
        var peer = new SwarmLink(1, VirtualSwarm.Address(1), true, true, TimeSpan.Zero);
        var random = new Random(8);
        for (int step = 0; step < 2000; step++)
        {
            int piece = random.Next(6), block = random.Next(4);
            if (!work.Open.TryGetValue(piece, out OpenPiece? open))
            {
                open = work.Begin(piece, TimeSpan.Zero);
            }
            else if (random.Next(40) == 0)
            {
                work.End(open);
                work.Order!.Add(piece);
            }
            else if (block < open.BlockCount)
            {
                if (random.Next(3) > 0)
                    open.TryAsk(block, peer);
                else
                    open.Release(block, peer);
                work.Refresh(open);
            }
            Assert.Equal(work.Open.Values.Where(o => o.FreeCount > 0).Select(o => o.Piece).Order(), work.WithFree.Select(o => o.Piece).Order());
            Assert.Equal(work.Open.Values.Sum(o => (long)s_map.LengthOf(o.Piece)), work.OpenBytes);
            Assert.All(work.Open.Keys, p => Assert.False(work.Order!.Contains(p)));
        }
    }

    [Fact]
    public void A_rested_piece_comes_back_when_its_time_is_over_unless_it_is_at_work_or_had()
    {
        PieceWork work = Work([], [0, 1, 2, 3]);
        for (int piece = 0; piece < 4; piece++)
        {
            work.End(work.Begin(piece, TimeSpan.Zero));
            work.Rest(piece, TimeSpan.FromSeconds(10 + piece / 2));
        }
        Assert.Equal(TimeSpan.FromSeconds(10), work.EndRests(TimeSpan.FromSeconds(9)));
        Assert.Equal(0, work.Order!.Count);
        Assert.Equal(TimeSpan.FromSeconds(11), work.EndRests(TimeSpan.FromSeconds(10)));
        Assert.Equal([0, 1], Enumerable.Range(0, 4).Where(work.Order.Contains));
        work.Begin(2, TimeSpan.Zero);
        work.TryGain(3);
        Assert.Equal(TimeSpan.MaxValue, work.EndRests(TimeSpan.FromSeconds(11)));
        Assert.Equal([0, 1], Enumerable.Range(0, 4).Where(work.Order.Contains));
    }

    [Fact]
    public void What_is_wanted_anew_keeps_priorities_and_rests()
    {
        PieceWork work = Work([], [0, 1, 2]);
        work.Order!.SetPriority(2, PiecePriority.Urgent);
        work.End(work.Begin(0, TimeSpan.Zero));
        work.Rest(0, TimeSpan.FromSeconds(5));
        OpenPiece open = work.Begin(1, TimeSpan.Zero);
        work.SetWanted(Set([0, 1, 2, 3]), []);
        Assert.Equal((4, 16L * BlockAddress.Size), (work.Missing.Count, work.MissingBytes));
        Assert.Equal([2, 3], Enumerable.Range(0, 6).Where(work.Order!.Contains));
        var seed = new SwarmLink(1, VirtualSwarm.Address(1), true, true, TimeSpan.Zero) { PeerChoking = false };
        seed.Pieces.TryArm(6);
        seed.Pieces.SetAll();
        Assert.True(work.Order.TryPick(seed, false, out int best));
        Assert.Equal(2, best);
        work.SetWanted(Set([1]), []);
        Assert.Equal(TimeSpan.MaxValue, work.EndRests(TimeSpan.FromSeconds(1)));
        work.End(open);
        work.TryGain(1);
        Assert.True(work.IsComplete);
        work.SetWanted(Set([]), []);
        Assert.Null(work.Order);
    }

    [Fact]
    public void A_block_is_asked_from_a_supplier_once_and_not_when_it_came_or_is_owed()
    {
        PieceWork work = Work([], [0]);
        OpenPiece open = work.Begin(0, TimeSpan.Zero);
        SwarmLink one = Link(1), other = Link(2);
        List<BlockAddress> picked = [];
        Assert.True(work.TryAsk(open, 0, one, TimeSpan.Zero, picked));
        Assert.False(work.TryAsk(open, 0, one, TimeSpan.Zero, picked));
        Assert.True(open.TryReceive(1, other));
        Assert.False(work.TryAsk(open, 1, one, TimeSpan.Zero, picked));
        open.MayBeOwed = true;
        one.Requests.Add(new BlockRequest(0, 2, 0, TimeSpan.Zero));
        Assert.False(work.TryAsk(open, 2, one, TimeSpan.Zero, picked));
        Assert.True(work.TryAsk(open, 2, other, TimeSpan.Zero, picked));
        Assert.Equal([s_map.Block(0, 0), s_map.Block(0, 2)], picked);
        Assert.Equal((2, 1), (one.Requests.Count, other.Requests.Count));
    }

    [Fact]
    public void Room_for_begun_pieces_ends_at_the_budget_but_two_may_always_be_open()
    {
        var options = new SwarmOptions { MaxOpenBytes = 3 * 4 * BlockAddress.Size, MaxOpenPieces = 5, RandomFirstPieces = 2 };
        PieceWork work = Work([0], [1, 2, 3, 4, 5], options);
        Assert.True(work.BeginsAtRandom);
        work.Begin(1, TimeSpan.Zero);
        Assert.False(work.BeginsAtRandom);
        work.Begin(2, TimeSpan.Zero);
        Assert.True(work.HasRoom);
        work.Begin(3, TimeSpan.Zero);
        Assert.False(work.HasRoom);

        work = Work([], [1, 2, 3], options with { MaxOpenBytes = 1 });
        work.Begin(1, TimeSpan.Zero);
        Assert.True(work.HasRoom);
        work.Begin(2, TimeSpan.Zero);
        Assert.False(work.HasRoom);

        work = Work([], [1, 2, 3, 4], options with { MaxOpenBytes = long.MaxValue, MaxOpenPieces = 3 });
        work.Begin(1, TimeSpan.Zero);
        work.Begin(2, TimeSpan.Zero);
        Assert.True(work.HasRoom);
        work.Begin(3, TimeSpan.Zero);
        Assert.False(work.HasRoom);
    }

    private static PieceWork Work(int[] have, int[] wanted, SwarmOptions? options = null)
        => new(s_map, Set(have), Set(wanted), options ?? new SwarmOptions(), new Random(1), []);

    private static SwarmLink Link(int id) => new(id, VirtualSwarm.Address(id), true, true, TimeSpan.Zero);

    private static PieceSet Set(int[] pieces)
    {
        var set = new PieceSet(6);
        foreach (int piece in pieces)
            set.Add(piece);
        return set;
    }
}
