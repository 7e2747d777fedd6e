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

    private static PeerAddress Peer(ushort port) => PeerAddress.FromV4(0x01020304, port);
}
