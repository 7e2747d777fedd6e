using CcBt.Core.Swarm;

namespace CcBt.Core.Tests.Swarm;

public sealed class OpenPieceTests
{
    private const int Blocks = 9;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Blocks_are_free_asked_or_received_after_any_history(int seed)
    {
        var random = new Random(seed);
        SwarmLink[] peers = [.. Enumerable.Range(1, 5).Select(Peer)];
        var open = new OpenPiece();
        for (int round = 0; round < 20; round++)
        {
            open.Begin(7, Blocks, round, TimeSpan.Zero);
            var model = new OpenPieceModel(Blocks);
            for (int step = 0; step < 120; step++)
            {
                SwarmLink peer = peers[random.Next(peers.Length)];
                Step(random.Next(20), random.Next(Blocks), peer, open, model);
                model.Check(open, $"seed {seed}, round {round}, step {step}");
            }
        }
    }

    [Fact]
    public void A_piece_that_was_bad_is_taken_up_by_one_supplier_at_a_time()
    {
        (SwarmLink first, SwarmLink second) = (Peer(1), Peer(2));
        OpenPiece open = Begun();
        open.Primary = first;
        Assert.True(open.TryAsk(0, first));
        Assert.True(open.Admits(second));
        open.Retry(2, TimeSpan.Zero);
        Assert.Equal((Blocks, 2, true), (open.FreeCount, open.Attempt, open.MayBeOwed));
        Assert.True(open.Admits(second));
        open.Primary = first;
        Assert.True(open.Admits(second));
        Assert.True(open.TryAsk(0, first));
        Assert.True(open.Admits(first));
        Assert.False(open.Admits(second));
        open.Primary = null;
        Assert.True(open.Admits(second));
        open.Primary = second;
        Assert.True(open.Admits(second));
        Assert.True(open.Admits(first));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_suspect_shares_no_piece(bool isPrimarySuspect, bool isOtherSuspect)
    {
        (SwarmLink first, SwarmLink second) = (Peer(1), Peer(2));
        OpenPiece open = Begun();
        open.Primary = first;
        open.TryAsk(0, first);
        Assert.True(open.Admits(second));
        (first.IsSuspect, second.IsSuspect) = (isPrimarySuspect, isOtherSuspect);
        Assert.False(open.Admits(second));
        Assert.True(open.Admits(first));
    }

    [Fact]
    public void Nothing_of_a_former_piece_is_left_in_the_next_one()
    {
        var open = new OpenPiece();
        open.Begin(3, 4, 1, TimeSpan.Zero);
        open.TryAsk(0, Peer(1));
        open.TryReceive(1, Peer(2));
        open.TryReceive(2, null);
        open.AssumedCount = 1;
        open.Retry(2, TimeSpan.Zero);
        open.Begin(5, 3, 3, TimeSpan.FromSeconds(9));
        Assert.Equal((5, 3, 3, 3), (open.Piece, open.BlockCount, open.FreeCount, open.Attempt));
        Assert.Equal((0, 0, 0), (open.AskedCount, open.ReceivedCount, open.AssumedCount));
        Assert.False(open.IsRetry || open.MayBeOwed || open.IsShared);
        Assert.Null(open.Primary);
        Assert.Equal(TimeSpan.FromSeconds(9), open.LastActivity);
        Assert.All(Enumerable.Range(0, 3), block => Assert.Equal(0, open.CountAskers(block)));
    }

    private static void Step(int kind, int block, SwarmLink peer, OpenPiece open, OpenPieceModel model)
    {
        switch (kind)
        {
            case < 9:
                Assert.Equal(model.Ask(block, peer), open.TryAsk(block, peer));
                break;
            case < 13:
                open.Release(block, peer);
                model.Release(block, peer);
                break;
            case < 15:
                open.Offer(block);
                model.Offer(block);
                break;
            case < 18:
                SwarmLink? giver = kind == 17 ? null : peer;
                Assert.Equal(model.Receive(block, giver), open.TryReceive(block, giver));
                break;
            default:
                open.Doubt(kind == 19);
                model.Doubt(kind == 19);
                break;
        }
    }

    private static OpenPiece Begun()
    {
        var open = new OpenPiece();
        open.Begin(0, Blocks, 1, TimeSpan.Zero);
        return open;
    }

    private static SwarmLink Peer(int id) => new(id, VirtualSwarm.Address(id), true, true, TimeSpan.Zero);
}
