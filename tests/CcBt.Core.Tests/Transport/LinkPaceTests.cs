using CcBt.Core.Tests.Time;
using CcBt.Core.Tests.Wire;
using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Transport;

public sealed class LinkPaceTests
{
    private const int Rate = 64 << 10;

    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Receiving_keeps_to_the_limit_of_either_bucket(bool isClients)
    {
        TokenBucket bucket = new(_time, Rate);
        LinkBudget budget = isClients ? LinkBudget.Unlimited with { ClientDown = bucket } : LinkBudget.Unlimited with { SessionDown = bucket };
        using LinkOwner owner = new(1, _time) { Plan = new LinkPlan(budget, UseFast: true) };
        (RawPeer peer, TcpLinkUnderTest link) = await RawPeer.JoinAsync(owner);
        MemoryTorrent into = new(32 * 16384);
        link.Link.Lease(into.Leases(into.Blocks()), 0);
        WireScript script = new();
        foreach (BlockAddress block in into.Blocks())
            script.AddPiece(block, 1);
        Task sending = peer.SendAsync(script);
        double seconds = await PlayAsync(() => link.Link.Traffic.ReceivedBytes, script.Bytes.Length);
        await sending;
        Assert.InRange(seconds, 7.5, 8.5);
        Assert.Equal(32, into.Completed);
    }

    [Fact]
    public async Task Sending_keeps_to_the_limit()
    {
        LinkBudget budget = LinkBudget.Unlimited with { ClientUp = new TokenBucket(_time, Rate), SessionUp = new TokenBucket(_time, 10 * Rate) };
        using LinkOwner owner = new(1, _time) { Plan = new LinkPlan(budget, UseFast: true) };
        (RawPeer peer, TcpLinkUnderTest link) = await RawPeer.JoinAsync(owner);
        MemoryTorrent from = new(32 * 16384, seed: 1);
        link.Link.SetLayout(from.Layout);
        link.Link.Unchoke(from);
        WireScript script = new();
        foreach (BlockAddress block in from.Blocks())
            script.Add(PeerMessage.Request(block));
        await peer.SendAsync(script);
        Task<byte[]> receiving = peer.ReceiveAsync(5 + 32 * (13 + 16384));
        double seconds = await PlayAsync(() => link.Link.Traffic.SentBytes, 5 + 32 * (13 + 16384));
        await receiving;
        Assert.InRange(seconds, 7.5, 8.5);
    }

    [Fact]
    public async Task A_link_that_waits_for_its_budget_closes_at_once()
    {
        LinkBudget budget = LinkBudget.Unlimited with { SessionDown = new TokenBucket(_time, 100) };
        using LinkOwner owner = new(1, _time) { Plan = new LinkPlan(budget, UseFast: true) };
        (RawPeer peer, TcpLinkUnderTest link) = await RawPeer.JoinAsync(owner);
        await peer.SendAsync(new WireScript().AddPiece(new BlockAddress(0, 0, 16384), 1));
        await LinkOwner.WaitAsync(() => _time.ScheduledTimers == 2);
        _time.Advance(TimeSpan.FromSeconds(30));
        link.Link.Close(LinkCloseReason.Local);
        Assert.Equal(LinkCloseReason.Local, await owner.EndAsync());
    }

    [Fact]
    public async Task An_owner_who_is_behind_stops_the_reading_and_loses_nothing()
    {
        const int Messages = 300_000;
        using LinkOwner owner = new(1, _time);
        (RawPeer peer, TcpLinkUnderTest link) = await RawPeer.JoinAsync(owner);
        WireScript script = new();
        for (int i = 0; i < Messages; i++)
            script.Add(PeerMessage.Have(i));
        Task sending = peer.SendAsync(script);
        await LinkOwner.WaitAsync(() => _time.ScheduledTimers == 2);
        Assert.InRange(link.Link.Traffic.ReceivedBytes, 1, (Limits.ReportsInFlight + 2) * Limits.AwaitedReceiveBytes);

        int next = 0, notes = 0;
        while (next < Messages)
        {
            await LinkOwner.WaitAsync(() => _time.ScheduledTimers == 2 || owner.HasNotes);
            _time.Advance(TimeSpan.FromMilliseconds(20));
            for (; owner.TryNext(out LinkNote? note); notes++)
            {
                foreach (PeerMessage message in note!.Report!.Messages)
                    Assert.Equal(next++, message.Index);
                note.Report.Return();
            }
        }
        await sending;
        Assert.True(notes > Limits.ReportsInFlight);
    }

    // Advances in steps whenever the link waits for time, and checks the rate at each step.
    private async Task<double> PlayAsync(Func<long> moved, long total)
    {
        TimeSpan start = _time.Elapsed;
        while (moved() < total)
        {
            await LinkOwner.WaitAsync(() => _time.ScheduledTimers == 2 || moved() == total);
            double seconds = (_time.Elapsed - start).TotalSeconds;
            Assert.True(moved() <= Rate * (seconds + 0.75), $"{moved()} bytes moved within {seconds} s.");
            _time.Advance(TimeSpan.FromMilliseconds(50));
        }
        return (_time.Elapsed - start).TotalSeconds;
    }
}
