using System.Threading.Channels;
using CcBt.Core.Addressing;
using CcBt.Core.Session;
using CcBt.Core.Tests.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace CcBt.Core.Tests.Session;

public sealed class DiscoveryEventsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_first_discovery_is_raised_at_once_and_those_behind_it_together()
    {
        var time = new ManualTimeProvider();
        using var events = new DiscoveryEvents(time, NullLogger.Instance);
        await using IAsyncEnumerator<PeersDiscoveredEventArgs> raised = events.WatchAsync(default).GetAsyncEnumerator();
        ValueTask<bool> next = raised.MoveNextAsync();

        events.Report(PeerSource.Dht, [Peer(1)], newPeers: 1, lookupEnded: false);
        Assert.True(await next.AsTask().WaitAsync(Patience));
        Assert.Single(raised.Current.Peers);

        next = raised.MoveNextAsync();
        events.Report(PeerSource.Dht, [Peer(2)], newPeers: 1, lookupEnded: false);
        events.Report(PeerSource.Dht, [Peer(2), Peer(3)], newPeers: 1, lookupEnded: false);
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.True(await next.AsTask().WaitAsync(Patience));
        Assert.Equal((2, 2, false), (raised.Current.Peers.Count, raised.Current.NewPeers, raised.Current.LookupEnded));
    }

    [Fact]
    public async Task A_lookup_that_ends_without_peers_is_news()
    {
        using var events = new DiscoveryEvents(new ManualTimeProvider(), NullLogger.Instance);
        await using IAsyncEnumerator<PeersDiscoveredEventArgs> raised = events.WatchAsync(default).GetAsyncEnumerator();
        ValueTask<bool> next = raised.MoveNextAsync();

        events.Report(PeerSource.Tracker, [], newPeers: 0, lookupEnded: false);
        events.Report(PeerSource.Dht, [], newPeers: 0, lookupEnded: true);

        Assert.True(await next.AsTask().WaitAsync(Patience));
        Assert.Equal((PeerSource.Dht, 0, true), (raised.Current.Source, raised.Current.Peers.Count, raised.Current.LookupEnded));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_found_before_anybody_listens_is_told_to_the_first_who_does(bool asStream)
    {
        using var events = new DiscoveryEvents(new ManualTimeProvider(), NullLogger.Instance);
        events.Report(PeerSource.Manual, [Peer(1)], newPeers: 1, lookupEnded: false);
        events.Report(PeerSource.Magnet, [Peer(2)], newPeers: 1, lookupEnded: false);
        var heard = Channel.CreateUnbounded<PeersDiscoveredEventArgs>();
        if (asStream)
            _ = ListenAsync(events, heard);
        else
            events.Raised += (_, e) => heard.Writer.TryWrite(e);
        Assert.Equal(PeerSource.Manual, (await heard.Reader.ReadAsync().AsTask().WaitAsync(Patience)).Source);
        Assert.Equal(PeerSource.Magnet, (await heard.Reader.ReadAsync().AsTask().WaitAsync(Patience)).Source);

        // Who comes second begins with what comes then.
        var second = Channel.CreateUnbounded<PeersDiscoveredEventArgs>();
        events.Raised += (_, e) => second.Writer.TryWrite(e);
        events.Report(PeerSource.Dht, [Peer(3)], newPeers: 1, lookupEnded: true);
        Assert.Equal(PeerSource.Dht, (await second.Reader.ReadAsync().AsTask().WaitAsync(Patience)).Source);
        Assert.Equal(PeerSource.Dht, (await heard.Reader.ReadAsync().AsTask().WaitAsync(Patience)).Source);
    }

    [Fact]
    public async Task What_is_held_for_the_first_listener_is_bounded()
    {
        using var events = new DiscoveryEvents(new ManualTimeProvider(), NullLogger.Instance);
        for (int i = 0; i < 2 * Limits.EarlyDiscoveries; i++)
            events.Report(PeerSource.Dht, [Peer((ushort)(i + 1))], newPeers: 1, lookupEnded: true);
        int heard = 0;
        var last = new TaskCompletionSource();
        events.Raised += (_, e) =>
        {
            heard++;
            if (e.Source == PeerSource.Tracker)
                last.SetResult();
        };
        events.Report(PeerSource.Tracker, [], newPeers: 0, lookupEnded: true);
        await last.Task.WaitAsync(Patience);
        Assert.Equal(Limits.EarlyDiscoveries + 1, heard);

        using var many = new DiscoveryEvents(new ManualTimeProvider(), NullLogger.Instance);
        many.Report(PeerSource.Dht, [.. Enumerable.Range(1, Limits.EarlyDiscoveryPeers + 1).Select(i => Peer((ushort)i))], newPeers: 1, lookupEnded: true);
        var first = new TaskCompletionSource<PeersDiscoveredEventArgs>();
        many.Raised += (_, e) => first.TrySetResult(e);
        many.Report(PeerSource.Tracker, [], newPeers: 0, lookupEnded: true);
        Assert.Equal(PeerSource.Tracker, (await first.Task.WaitAsync(Patience)).Source);
    }

    /// <summary>A handler that hangs, and a reader that does not read: 2,000 events wait for each, the oldest go, and the next one tells how many.</summary>
    [Fact]
    public async Task A_consumer_that_is_too_slow_has_a_bounded_queue()
    {
        const int extra = 500;
        using var events = new DiscoveryEvents(new ManualTimeProvider(), NullLogger.Instance);
        using var hold = new ManualResetEventSlim();
        var isInside = new TaskCompletionSource();
        var heard = new List<PeersDiscoveredEventArgs>();
        var all = new TaskCompletionSource();
        events.Raised += (_, e) =>
        {
            isInside.TrySetResult();
            hold.Wait();
            heard.Add(e);
            if (e.Peers.Count == 0)
                all.TrySetResult();
        };
        await using IAsyncEnumerator<PeersDiscoveredEventArgs> reader = events.WatchAsync(default).GetAsyncEnumerator();
        ValueTask<bool> first = reader.MoveNextAsync();
        events.Report(PeerSource.Dht, [Peer(1)], newPeers: 1, lookupEnded: true);
        Assert.True(await first.AsTask().WaitAsync(Patience));
        await isInside.Task.WaitAsync(Patience);
        for (int i = 0; i < Limits.DiscoveryEventQueue + extra; i++)
            events.Report(PeerSource.Dht, [Peer((ushort)(i + 2))], newPeers: 1, lookupEnded: true);
        events.Report(PeerSource.Tracker, [], newPeers: 0, lookupEnded: true);
        hold.Set();
        await all.Task.WaitAsync(Patience);
        Assert.InRange(heard.Count, 2, Limits.DiscoveryEventQueue + 1);
        Assert.InRange(heard.Sum(static e => e.Missed), extra, Limits.DiscoveryEventQueue + extra);

        int read = 0;
        while (reader.Current.Peers.Count > 0 && await reader.MoveNextAsync().AsTask().WaitAsync(Patience))
            read++;
        Assert.InRange(read, 1, Limits.DiscoveryEventQueue);
    }

    private static async Task ListenAsync(DiscoveryEvents events, Channel<PeersDiscoveredEventArgs> heard)
    {
        await foreach (PeersDiscoveredEventArgs e in events.WatchAsync(default))
            heard.Writer.TryWrite(e);
    }

    private static PeerAddress Peer(ushort port) => PeerAddress.FromV4(0x01020304, port);
}
