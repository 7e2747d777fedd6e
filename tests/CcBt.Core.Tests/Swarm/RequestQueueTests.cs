using CcBt.Core.Swarm;

namespace CcBt.Core.Tests.Swarm;

public sealed class RequestQueueTests
{
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void It_is_a_list_in_the_order_of_asking(int seed)
    {
        var random = new Random(seed);
        var queue = new RequestQueue();
        var model = new List<BlockRequest>();
        for (int step = 0; step < 3000; step++)
        {
            (int piece, int block) = (random.Next(5), random.Next(12));
            int at = model.FindIndex(r => r.Piece == piece && r.Block == block);
            Assert.Equal(at >= 0, queue.Contains(piece, block));
            if (random.Next(5) < (step / 400 % 2 == 0 ? 4 : 1))
            {
                if (at >= 0)
                    continue;
                var request = new BlockRequest(piece, block, step, TimeSpan.FromSeconds(step));
                queue.Add(request);
                model.Add(request);
            }
            else if (random.Next(3) == 0 && model.Count > 0)
            {
                int index = random.Next(model.Count);
                queue.RemoveAt(index);
                model.RemoveAt(index);
            }
            else
            {
                Assert.Equal(at >= 0, queue.TryRemove(piece, block, out BlockRequest removed));
                Assert.Equal(at >= 0 ? model[at] : default, removed);
                if (at >= 0)
                    model.RemoveAt(at);
            }
            Assert.Equal(model, Enumerable.Range(0, queue.Count).Select(i => queue[i]));
        }
    }
}
