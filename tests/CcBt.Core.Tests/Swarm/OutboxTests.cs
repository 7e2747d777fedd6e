using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

public sealed class OutboxTests
{
    private readonly Outbox _outbox = new();

    [Fact]
    public void Cancels_for_one_link_that_follow_each_other_are_one_output()
    {
        foreach ((int link, int piece) in ((int, int)[])[(1, 3), (1, 4), (2, 5), (1, 6)])
            _outbox.Cancel(link, Block(piece));
        Assert.Equal(["1: 3 4", "2: 5", "1: 6"], Take());
    }

    [Fact]
    public void A_cancel_joins_neither_another_output_nor_one_that_was_taken()
    {
        _outbox.Lease(1, [Block(2)], reportMark: 0);
        _outbox.Cancel(1, Block(3));
        Assert.Equal(["1: 2", "1: 3"], Take());
        _outbox.Cancel(1, Block(4));
        Assert.True(_outbox.TryTake(out _));
        _outbox.Cancel(1, Block(5));
        Assert.Equal(["1: 5"], Take());
    }

    private static BlockAddress Block(int piece) => new(piece, 0, BlockAddress.Size);

    /// <summary>The link of each output and the pieces of its blocks.</summary>
    private List<string> Take()
    {
        List<string> taken = [];
        while (_outbox.TryTake(out SwarmOutput output))
            taken.Add($"{output.Link}: {string.Join(' ', _outbox.TakenBlocks.ToArray().Select(static block => block.Piece))}");
        return taken;
    }
}
