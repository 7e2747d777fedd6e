using CcBt.Core.Tests.Time;
using CcBt.Core.Tests.Wire;
using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Transport;

/// <summary>
/// Real links over loopback whose rates are counted in virtual time: the clock stands still until every link waits for its leave, then it goes to the
/// next moment at which one may move.
/// </summary>
internal sealed class RateRig : IDisposable
{
    private readonly LinkOwner _owner;
    private readonly List<RawPeer> _peers = [];
    private readonly List<Task> _playing = [];

    public RateRig() => _owner = new LinkOwner(1, Time);

    public ManualTimeProvider Time { get; } = new();

    public List<IPeerLink> Links { get; } = [];

    public TokenBucket Bucket(long bytesPerSecond) => new(Time, bytesPerSecond);

    /// <summary>A peer that has sent so many blocks that the link is never without.</summary>
    public async Task<IPeerLink> DownloadAsync(TokenBucket client, TokenBucket? session, int blocks)
    {
        (RawPeer peer, IPeerLink link) = await JoinAsync(LinkBudget.Unlimited with { ClientDown = client, SessionDown = session });
        var into = new MemoryTorrent(blocks * BlockAddress.Size);
        link.Lease(into.Leases(into.Blocks()), 0);
        var script = new WireScript();
        foreach (BlockAddress block in into.Blocks())
            script.AddPiece(block, 1);
        _playing.Add(peer.SendAsync(script));
        return link;
    }

    /// <summary>A peer that has asked for so many blocks that the link is never without.</summary>
    public async Task<IPeerLink> UploadAsync(TokenBucket client, TokenBucket? session, int blocks)
    {
        (RawPeer peer, IPeerLink link) = await JoinAsync(LinkBudget.Unlimited with { ClientUp = client, SessionUp = session });
        var from = new MemoryTorrent(blocks * BlockAddress.Size, seed: 1);
        link.SetLayout(from.Layout);
        link.Unchoke(from);
        var script = new WireScript();
        foreach (BlockAddress block in from.Blocks())
            script.Add(PeerMessage.Request(block));
        await peer.SendAsync(script);
        _playing.Add(peer.ExpectEndAsync());
        return link;
    }

    /// <summary>Lets virtual time pass, and returns the bytes a second of payload that each link moved in it.</summary>
    public async Task<double[]> PlayAsync(double seconds)
    {
        long[] before = [.. Links.Select(Moved)];
        TimeSpan end = Time.Elapsed + TimeSpan.FromSeconds(seconds);
        while (Time.Elapsed < end)
        {
            // The sweep's timer, and one for each link that waits.
            await LinkOwner.WaitAsync(() => Time.ScheduledTimers == 1 + Links.Count);
            TimeSpan rest = end - Time.Elapsed, due = Time.NextDue!.Value;
            Time.Advance(due < rest ? due : rest);
        }
        return [.. Links.Select((link, i) => (Moved(link) - before[i]) / seconds)];
    }

    public void Dispose()
    {
        _owner.Dispose();
        foreach (RawPeer peer in _peers)
            peer.Dispose();
        // What was still being sent or received ends with the links.
        foreach (Task playing in _playing)
            _ = playing.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    // Sent payload is counted by the block, which is coarse beside a small limit; the heads of blocks are less than a thousandth.
    private static long Moved(IPeerLink link) => link.Traffic.PayloadReceivedBytes + (link.Traffic.PayloadReceivedBytes == 0 ? link.Traffic.SentBytes : 0);

    private async Task<(RawPeer, IPeerLink)> JoinAsync(LinkBudget budget)
    {
        _owner.Plan = new LinkPlan(budget, UseFast: true);
        (RawPeer peer, TcpLinkUnderTest link) = await RawPeer.JoinAsync(_owner);
        _peers.Add(peer);
        Links.Add(link.Link);
        return (peer, link.Link);
    }
}
