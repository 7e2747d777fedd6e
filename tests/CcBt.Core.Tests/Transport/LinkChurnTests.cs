using CcBt.Core.Tests.Time;
using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Transport;

public sealed class LinkChurnTests
{
    private const int Links = 90;
    private const int TorrentLength = 3_000_000;

    private readonly ManualTimeProvider _time = new();
    private readonly MemoryTorrent _data = new(TorrentLength, seed: 4);
    private readonly MemoryTorrent _copy = new(TorrentLength);
    private readonly Dictionary<int, int> _closed = [];
    private int _blocks;

    [Fact]
    public async Task Links_that_share_blocks_and_end_at_random_leave_nothing_behind()
    {
        using LinkOwner leech = new(1, _time), seeder = new(2, _time);
        for (int i = 0; i < Links; i++)
            leech.Dial(seeder.Address);
        await Task.WhenAll(LeechAsync(leech, new Random(11)), SeedAsync(seeder, new Random(12))).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(Links, _closed.Count);
        Assert.All(_closed.Values, static times => Assert.Equal(1, times));
        Assert.Equal((0, 0), (leech.Host.Sweep.Count, seeder.Host.Sweep.Count));
        Assert.Equal(0, _copy.OpenClaims);
        Assert.Equal(_copy.Claims, _copy.Completed + _copy.Abandoned);
        Assert.True(_blocks > 0 && _copy.Completed > 0);
        await LinkOwner.WaitAsync(() => leech.Host.Threads.Running == 0);
        Assert.All(_copy.Blocks().Where(_copy.IsCompleted), block => Assert.Equal(_data.BytesOf(block), _copy.BytesOf(block)));
    }

    // All links lease the same blocks, as in an end game; one in four reports ends its link.
    private async Task LeechAsync(LinkOwner owner, Random random)
    {
        List<BlockAddress> blocks = _copy.Blocks();
        while (_closed.Count < Links)
        {
            LinkNote note = await owner.NextAsync();
            switch (note.Kind)
            {
                case "opened":
                    note.Link.Accept(owner.Ours, owner.Plan);
                    note.Link.SetLayout(_copy.Layout);
                    break;
                case "closed":
                    _closed[note.Link.Id] = _closed.GetValueOrDefault(note.Link.Id) + 1;
                    break;
                default:
                    _blocks += note.Report!.Blocks.Count;
                    note.Report.Return();
                    if (random.Next(4) == 0)
                        note.Link.Close(LinkCloseReason.Local);
                    else
                        note.Link.Lease(_copy.Leases(blocks.Skip(random.Next(blocks.Count)).Take(30)), 10);
                    break;
            }
        }
    }

    private async Task SeedAsync(LinkOwner owner, Random random)
    {
        int closed = 0;
        while (closed < Links)
        {
            LinkNote note = await owner.NextAsync();
            note.Report?.Return();
            if (note.Kind == "closed")
                closed++;
            if (note.Kind != "arrived")
                continue;
            note.Link.Accept(owner.Ours, owner.Plan);
            note.Link.SetLayout(_data.Layout);
            note.Link.Unchoke(_data);
            if (random.Next(4) == 0)
                note.Link.Close(LinkCloseReason.Local);
        }
    }
}
