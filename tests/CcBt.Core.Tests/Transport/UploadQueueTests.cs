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
    public void Allowed_pieces_are_served_while_choked_and_each_byte_of_them_once()
    {
        UploadQueue queue = new();
        queue.SetLayout(_torrent.Layout);
        queue.AllowFast(_torrent, [1, 3]);
        List<BlockAddress> allowed = [.. _torrent.Blocks().Where(b => b.Piece is 1 or 3)];
        Assert.Equal(UploadVerdict.Refused, queue.Add(First));
        Assert.Equal(UploadVerdict.Refused, queue.Add(new BlockAddress(1, MemoryTorrent.PieceLength, 16384)));
        foreach (BlockAddress block in allowed)
            Assert.Equal(UploadVerdict.Queued, queue.Add(block));
        List<BlockAddress> served = [], run = [];
        while (queue.TakeRun(run, int.MaxValue) is { } source)
        {
            Assert.Same(_torrent, source);
            served.AddRange(run);
            run.Clear();
        }
        Assert.Equal(allowed, served);
        Assert.Equal(UploadVerdict.Refused, queue.Add(allowed[0]));
        queue.Unchoke(_torrent);
        Assert.Equal(UploadVerdict.Queued, queue.Add(allowed[0]));
    }

    [Fact]
    public void A_choke_keeps_the_requests_for_allowed_pieces()
    {
        UploadQueue queue = new();
        queue.SetLayout(_torrent.Layout);
        queue.AllowFast(_torrent, [1]);
        queue.Unchoke(_torrent);
        BlockAddress allowed = new(1, 16384, 16384), other = new(2, 0, 16384);
        foreach (BlockAddress block in (BlockAddress[])[First, allowed, other])
            Assert.Equal(UploadVerdict.Queued, queue.Add(block));
        List<BlockAddress> dropped = [], run = [];
        queue.Choke(dropped);
        Assert.Equal([First, other], dropped);
        Assert.Same(_torrent, queue.TakeRun(run, int.MaxValue));
        Assert.Equal([allowed], run);
        queue.Close();
        Assert.Equal(UploadVerdict.Refused, queue.Add(allowed));
    }

    [Fact]
    public void A_flood_while_the_queue_is_full_is_abuse()
    {
        UploadQueue queue = new();
        queue.SetLayout(_torrent.Layout);
        queue.Unchoke(_torrent);
        for (int i = 0; i < Limits.QueuedRequests; i++)
            Assert.Equal(UploadVerdict.Queued, queue.Add(First));
        for (int i = 0; i < Limits.OverfullRequests; i++)
            Assert.Equal(UploadVerdict.Refused, queue.Add(First));
        Assert.Equal(UploadVerdict.Abused, queue.Add(First));
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
