using CcBt.Core.Storage;

namespace CcBt.Core.Tests.Storage;

public sealed class LaneTurnsTests
{
    [Fact]
    public void There_are_no_more_turns_than_said_and_one_that_is_returned_is_there_again()
    {
        var turns = new LaneTurns(2);
        Assert.True(turns.TryTake());
        Assert.True(turns.TryTake());
        Assert.False(turns.TryTake());
        Assert.False(turns.TryTake());
        turns.Return();
        Assert.True(turns.TryTake());
        Assert.False(turns.TryTake());
    }

    [Fact]
    public void Threads_together_take_no_more_than_there_are()
    {
        var turns = new LaneTurns(3);
        int held = 0, most = 0;
        Parallel.For(0, 10_000, _ =>
        {
            if (!turns.TryTake())
                return;
            int now = Interlocked.Increment(ref held);
            for (int seen = most; now > seen && Interlocked.CompareExchange(ref most, now, seen) != seen; seen = most)
            {
            }
            Interlocked.Decrement(ref held);
            turns.Return();
        });
        Assert.InRange(most, 1, 3);
        Assert.True(turns.TryTake() && turns.TryTake() && turns.TryTake() && !turns.TryTake());
    }
}
