using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Transport;

public sealed class UploadQueueTests
{
    private static readonly BlockAddress First = new(0, 0, 16384);

    private readonly MemoryTorrent _torrent = new(1_000_000, seed: 9);

    [Fact]
    public void The_queue_is_bounded_and_keeps_its_order()
    {
        UploadQueue queue = new();
        queue.SetLayout(_torrent.Layout);
        Assert.Equal(UploadVerdict.Refused, queue.Add(First));
        queue.Unchoke(_torrent);
        BlockAddress[] blocks = [.. Enumerable.Range(0, Limits.QueuedRequests).Select(static i => new BlockAddress(i % 3, i, 16384 - i % 7))];
        foreach (BlockAddress block in blocks)
            Assert.Equal(UploadVerdict.Queued, queue.Add(block));
        Assert.Equal(UploadVerdict.Refused, queue.Add(First));
        Assert.True(queue.TryCancel(blocks[1000]));
        Assert.False(queue.TryCancel(blocks[1000]));
        List<BlockAddress> served = [], run = [];
        while (queue.TakeRun(run, 100_000) is not null)
        {
            Assert.InRange(run.Sum(static b => b.Length), 1, 100_000);
            served.AddRange(run);
            run.Clear();
        }
        Assert.Equal(blocks.Where((_, i) => i != 1000), served);
        Assert.Equal(UploadVerdict.Queued, queue.Add(First));
        queue.Choke(run);
        Assert.Equal([First], run);
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void A_flood_while_choked_is_abuse()
    {
        UploadQueue queue = new();
        queue.SetLayout(_torrent.Layout);
        for (int i = 0; i < Limits.ChokedRequests; i++)
            Assert.Equal(UploadVerdict.Refused, queue.Add(First));
        Assert.Equal(UploadVerdict.Abused, queue.Add(First));
    }
}
