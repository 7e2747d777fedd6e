using CcBt.Core.Swarm;
using CcBt.Core.Wire;
using FsCheck;
using FsCheck.Fluent;

namespace CcBt.Core.Tests.Swarm;

public sealed class PieceOrderTests
{
    [Fact]
    public void The_rarest_piece_of_the_highest_priority_comes_first_after_any_changes()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => Walk(seed)).QuickCheckThrowOnFailure();

        static bool Walk(int seed)
        {
            var random = new Random(seed);
            int pieces = random.Next(1, 300);
            var order = new PieceOrder(pieces, random);
            var model = new Dictionary<int, int>();
            var availability = new int[pieces];
            var priority = new PiecePriority[pieces];
            Supplier all = Peer(pieces, null);
            for (int step = 0; step < 300; step++)
            {
                int piece = random.Next(pieces);
                switch (random.Next(6))
                {
                    case 0 or 1:
                        order.Add(piece);
                        model[piece] = 0;
                        break;
                    case 2:
                        order.Remove(piece);
                        model.Remove(piece);
                        break;
                    case 3:
                        order.Rise(piece);
                        availability[piece]++;
                        break;
                    case 4:
                        priority[piece] = (PiecePriority)random.Next(3);
                        order.SetPriority(piece, priority[piece]);
                        break;
                    default:
                        PieceSet set = RandomSet(pieces, random);
                        PeerPieces claims = Peer(pieces, set).Pieces;
                        order.AddPeer(claims);
                        if (random.Next(2) == 0)
                            order.RemovePeer(claims);
                        else
                            for (int i = 0; i < pieces; i++)
                                availability[i] += set[i] ? 1 : 0;
                        break;
                }
                bool found = order.TryPick(all, false, out int best);
                if (found != model.Count > 0 || order.Count != model.Count)
                    return false;
                if (Enumerable.Range(0, pieces).Any(p => order.Availability(p) != availability[p] || order.Contains(p) != model.ContainsKey(p)))
                    return false;
                if (order.AnyAvailable() != model.Keys.Any(p => availability[p] > 0))
                    return false;
                int least = availability.Min();
                if (Math.Abs(order.DistributedCopies() - least - (double)availability.Count(a => a > least) / pieces) > 1e-9)
                    return false;
                if (found && (!model.ContainsKey(best) || model.Keys.Any(p => Key(p) < Key(best))))
                    return false;
            }
            return true;

            int Key(int p) => (2 - (int)priority[p]) * 1000 + Math.Min(availability[p], 31);
        }
    }

    [Fact]
    public void Five_hundred_peers_and_a_hundred_thousand_pieces_are_not_quadratic()
    {
        const int pieces = 100_000, peers = 500;
        var random = new Random(5);
        var order = new PieceOrder(pieces, random);
        for (int piece = 0; piece < pieces; piece++)
            order.Add(piece);
        var suppliers = new Supplier[peers];
        for (int i = 0; i < peers; i++)
        {
            // Some have nearly all, some a few that everybody has: the worst for a walk from the rarest on.
            suppliers[i] = Peer(pieces, i % 2 == 0 ? RandomSet(pieces, random) : Few(pieces, i));
            order.AddPeer(suppliers[i].Pieces);
        }
        Assert.True(order.TryPick(suppliers[0], false, out _));
        long before = order.Looked;
        int picks = 0;
        for (int round = 0; round < 20; round++)
        {
            foreach (Supplier supplier in suppliers)
            {
                if (!order.TryPick(supplier, false, out int piece))
                    continue;
                picks++;
                order.Remove(piece);
            }
        }
        Assert.InRange(picks, 5000, 10_000);
        Assert.InRange((order.Looked - before) / (double)picks, 1, 300);
    }

    [Fact]
    public void A_seed_makes_every_piece_available_and_is_a_copy_of_its_own()
    {
        var order = new PieceOrder(4, new Random(1));
        Supplier seed = Peer(4, null);
        order.AddPeer(seed.Pieces);
        Assert.Equal((1, 1, 1.0), (order.Seeds, order.Availability(2), order.DistributedCopies()));
        Assert.False(order.AnyAvailable());
        order.Add(2);
        Assert.True(order.AnyAvailable());
        order.RemovePeer(seed.Pieces);
        Assert.False(order.AnyAvailable());
        Assert.Equal((0, 0, 0.0), (order.Seeds, order.Availability(2), order.DistributedCopies()));
        Assert.Equal(0.0, new PieceOrder(0, new Random(1)).DistributedCopies());
    }

    [Fact]
    public void A_peer_whose_pieces_are_far_down_still_gets_a_rare_one_of_them()
    {
        var random = new Random(3);
        var order = new PieceOrder(2000, random);
        for (int piece = 0; piece < 2000; piece++)
            order.Add(piece);
        var common = new PieceSet(2000);
        for (int piece = 0; piece < 2000; piece += 200)
            common.Add(piece);
        Supplier peer = Peer(2000, common);
        order.AddPeer(peer.Pieces);
        for (int piece = 200; piece < 2000; piece += 200)
            order.Rise(piece);
        for (int round = 0; round < 100; round++)
        {
            Assert.True(order.TryPick(peer, false, out int best));
            Assert.Equal(0, best);
        }
        Assert.False(order.TryPick(Peer(2000, new PieceSet(2000)), false, out int none));
        Assert.Equal(-1, none);
        var atRandom = new HashSet<int>();
        for (int round = 0; round < 200; round++)
        {
            Assert.True(order.TryPick(peer, true, out int any));
            atRandom.Add(any);
        }
        Assert.Equal(Enumerable.Range(0, 10).Select(i => i * 200), atRandom.Order());
    }

    [Fact]
    public void From_thirty_one_peers_on_a_piece_is_as_common_as_any_other()
    {
        var order = new PieceOrder(3, new Random(1));
        int[] peers = [30, 33, 33];
        for (int piece = 0; piece < 3; piece++)
        {
            order.Add(piece);
            for (int peer = 0; peer < peers[piece]; peer++)
                order.Rise(piece);
        }
        Supplier all = Peer(3, null);
        Assert.True(order.TryPick(all, false, out int best));
        Assert.Equal(0, best);
        order.Remove(0);
        // One peer of the one piece goes and is missed by nobody, three of the other make that rarer.
        order.RemovePeer(Peer(3, Only(3, 1)).Pieces);
        for (int peer = 0; peer < 3; peer++)
            order.RemovePeer(Peer(3, Only(3, 2)).Pieces);
        Assert.True(order.TryPick(all, false, out best));
        Assert.Equal(2, best);
    }

    [Fact]
    public void Only_pieces_of_the_same_urgency_count_as_rarer_ones_that_wait()
    {
        var order = new PieceOrder(4, new Random(1));
        for (int piece = 0; piece < 3; piece++)
            order.Add(piece);
        order.SetPriority(1, PiecePriority.Urgent);
        order.SetPriority(3, PiecePriority.Urgent);
        order.Rise(1);
        Assert.True(order.AnyOnlyAtSeeds(asUrgentAs: 0));
        Assert.False(order.AnyOnlyAtSeeds(asUrgentAs: 3));
        order.Rise(0);
        order.Rise(2);
        Assert.False(order.AnyOnlyAtSeeds(asUrgentAs: 0));
    }

    [Fact]
    public void Equals_are_begun_in_another_order_by_each_client()
    {
        Assert.NotEqual(First(1), First(2));

        static int[] First(int seed)
        {
            var order = new PieceOrder(1000, new Random(seed));
            for (int piece = 0; piece < 1000; piece++)
                order.Add(piece);
            Supplier all = Peer(1000, null);
            var first = new int[20];
            for (int i = 0; i < first.Length; i++)
            {
                Assert.True(order.TryPick(all, false, out first[i]));
                order.Remove(first[i]);
            }
            return first;
        }
    }

    private static SwarmLink Peer(int pieces, PieceSet? has)
    {
        var link = new SwarmLink(1, VirtualSwarm.Address(1), true, true, TimeSpan.Zero) { PeerChoking = false };
        link.Pieces.TryArm(pieces);
        Assert.Equal(SwarmError.None, has is null ? link.Pieces.SetAll() : link.Pieces.SetBits(has.Bytes.ToArray()));
        return link;
    }

    private static PieceSet Only(int pieces, int piece)
    {
        var set = new PieceSet(pieces);
        set.Add(piece);
        return set;
    }

    private static PieceSet RandomSet(int pieces, Random random)
    {
        var set = new PieceSet(pieces);
        for (int piece = 0; piece < pieces; piece++)
        {
            if (random.Next(10) > 1)
                set.Add(piece);
        }
        return set;
    }

    private static PieceSet Few(int pieces, int from)
    {
        var set = new PieceSet(pieces);
        for (int i = 0; i < 40; i++)
            set.Add((from * 31 + i * 997) % pieces);
        return set;
    }
}
