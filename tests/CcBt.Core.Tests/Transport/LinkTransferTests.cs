using System.Net;
using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Transport;

public sealed class LinkTransferTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", true)]
    public async Task Megabytes_flow_both_ways_at_once(string address, bool useFast)
    {
        using LinkOwner first = new(1), second = new(2, address: IPAddress.Parse(address));
        first.Plan = second.Plan = new LinkPlan(LinkBudget.Unlimited, useFast);
        MemoryTorrent firstData = new(9_000_007, seed: 1), secondData = new(9_000_007, seed: 2);
        MemoryTorrent firstCopy = new(9_000_007), secondCopy = new(9_000_007);
        (IPeerLink mine, IPeerLink theirs) = await first.ConnectAsync(second);
        mine.SetLayout(firstData.Layout);
        theirs.SetLayout(secondData.Layout);
        mine.Unchoke(firstData);
        theirs.Unchoke(secondData);

        await Task.WhenAll(DownloadAsync(first, mine, secondCopy), DownloadAsync(second, theirs, firstCopy));

        Assert.True(firstData.Data.AsSpan().SequenceEqual(firstCopy.Data));
        Assert.True(secondData.Data.AsSpan().SequenceEqual(secondCopy.Data));
        Assert.Equal(9_000_007, mine.Traffic.PayloadReceivedBytes);
        Assert.Equal(9_000_007, theirs.Traffic.PayloadReceivedBytes);
        Assert.InRange(mine.Traffic.ReceivedBytes, 9_000_007, 9_100_000);
        mine.Close(LinkCloseReason.Local);
        Assert.Equal(LinkCloseReason.Local, await first.EndAsync());
        Assert.Equal(LinkCloseReason.Remote, await second.EndAsync());
        Assert.Equal((0, 0), (first.Host.Sweep.Count, second.Host.Sweep.Count));
        Assert.Equal((0, 0), (secondCopy.OpenClaims, firstCopy.OpenClaims));
    }

    internal static async Task DownloadAsync(LinkOwner owner, IPeerLink link, MemoryTorrent into, int batch = 64, int mark = 32)
    {
        Queue<BlockAddress> wanted = new(into.Blocks());
        int received = 0, total = wanted.Count;
        await owner.NextMessageAsync(PeerMessageKind.Unchoke);
        int outstanding = 0;
        while (received < total)
        {
            if (outstanding <= mark && wanted.Count > 0)
            {
                BlockLease[] leases = into.Leases(Enumerable.Range(0, Math.Min(batch, wanted.Count)).Select(_ => wanted.Dequeue()));
                outstanding += leases.Length;
                link.Lease(leases, mark);
            }
            LinkNote note = await owner.NextAsync("reported");
            Assert.All(note.Report!.Blocks, static receipt => Assert.True(receipt.IsUsed));
            received += note.Report.Blocks.Count;
            outstanding -= note.Report.Blocks.Count;
            Assert.True(note.Report.OutstandingLeases <= outstanding);
            note.Report.Return();
        }
        Assert.Equal(total, into.Completed);
    }
}
