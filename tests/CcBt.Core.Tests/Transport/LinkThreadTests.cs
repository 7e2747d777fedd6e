using CcBt.Core.Tests.Time;
using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Transport;

public sealed class LinkThreadTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task A_busy_link_gets_a_thread_and_gives_it_back()
    {
        using LinkOwner first = new(1, _time), second = new(2, _time);
        MemoryTorrent data = new(8_000_000, seed: 1), copy = new(8_000_000);
        (IPeerLink mine, IPeerLink theirs) = await first.ConnectAsync(second);
        theirs.SetLayout(data.Layout);
        theirs.Unchoke(data);
        await LinkTransferTests.DownloadAsync(first, mine, copy);
        Assert.Equal((1, 0), (first.Host.Threads.Running, second.Host.Threads.Running));

        _time.Advance(TimeSpan.FromSeconds(3));
        theirs.Send(PeerMessage.Have(1));
        await first.NextMessageAsync(PeerMessageKind.Have);
        _time.Advance(TimeSpan.FromSeconds(3));
        theirs.Send(PeerMessage.Have(2));
        await first.NextMessageAsync(PeerMessageKind.Have);
        await LinkOwner.WaitAsync(() => first.Host.Threads.Running == 0);
        theirs.Send(PeerMessage.Have(3));
        Assert.Equal(3, (await first.NextMessageAsync(PeerMessageKind.Have)).Index);
    }

    [Fact]
    public async Task A_busy_link_closes_at_once_and_ends_its_thread()
    {
        using LinkOwner first = new(1, _time), second = new(2, _time);
        MemoryTorrent data = new(8_000_000, seed: 1), copy = new(8_000_000);
        (IPeerLink mine, IPeerLink theirs) = await first.ConnectAsync(second);
        theirs.SetLayout(data.Layout);
        theirs.Unchoke(data);
        await LinkTransferTests.DownloadAsync(first, mine, copy);
        mine.Close(LinkCloseReason.Local);
        Assert.Equal(LinkCloseReason.Local, await first.EndAsync());
        Assert.Equal(LinkCloseReason.Remote, await second.EndAsync());
        await LinkOwner.WaitAsync(() => first.Host.Threads.Running == 0);
    }
}
