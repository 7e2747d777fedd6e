using System.Net;
using CcBt.Core.Tests.Time;
using CcBt.Core.Tests.Trackers;
using CcBt.Core.Trackers;
using CcBt.Core.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace CcBt.Core.Tests.Transport;

public sealed class UdpTrackerClientTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedHostLookup _lookup = new();
    private readonly HostResolver _resolver;
    private readonly UdpHub _hub4 = UdpHub.Open(new IPEndPoint(IPAddress.Loopback, 0), TimeProvider.System, NullLogger.Instance);
    private readonly UdpHub _hub6 = UdpHub.Open(new IPEndPoint(IPAddress.IPv6Loopback, 0), TimeProvider.System, NullLogger.Instance);
    private readonly UdpTrackerClient _client;

    public UdpTrackerClientTests()
    {
        _resolver = new HostResolver(_lookup, _time);
        _client = new UdpTrackerClient(_resolver, [_hub4, _hub6], _time, new SecureRandom());
        _lookup.Host("tracker.test", "127.0.0.1", "::1");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _resolver.Dispose();
        await _hub4.DisposeAsync();
        await _hub6.DisposeAsync();
    }

    private static AnnounceOrder Order(string host, int port, string local = "0.0.0.0", double limit = 120)
        => TrackerClientFixture.Order($"udp://{host}:{port}/announce?a=b", AnnounceEvent.Started, local, limit);

    private Task<AnnounceResult> AnnounceAsync(AnnounceOrder order, CancellationToken cancellationToken = default)
        => _client.AnnounceAsync(order, cancellationToken).WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);

    private async Task<T> PassTimeAsync<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        return await task;
    }

    [Theory]
    [InlineData("127.0.0.1", "0.0.0.0", "9.9.9.9:80")]
    [InlineData("::1", "::", "[2001:db8::9]:80")]
    public async Task Announces_leave_from_the_listen_port_of_their_family(string address, string local, string peer)
    {
        await using var tracker = new FakeUdpTracker(address);
        AnnounceResult result = await AnnounceAsync(Order("tracker.test", tracker.Port, local));
        Assert.True(result.IsSuccess, result.Message);
        Assert.Equal(peer, Assert.Single(result.Reply!.Peers).ToString());
        Assert.Equal(address == "::1" ? _hub6.Local : _hub4.Local, tracker.LastFrom);
        Assert.Equal(16, (await tracker.NextAsync()).Length);
        Assert.Equal([2, 13, .. "/announce?a=b"u8], (await tracker.NextAsync())[98..]);
        Assert.True((await AnnounceAsync(Order("tracker.test", tracker.Port, local))).IsSuccess);
        Assert.Equal(113, (await tracker.NextAsync()).Length);
    }

    [Fact]
    public async Task A_scrape_is_read()
    {
        await using var tracker = new FakeUdpTracker();
        ScrapeResult result = await _client.ScrapeAsync(AnnounceSamples.Url($"udp://127.0.0.1:{tracker.Port}"), default, [AnnounceSamples.Hash], default);
        Assert.Equal(new ScrapeEntry(AnnounceSamples.Hash, 1, 2, 3, null), Assert.Single(result.Reply!.Entries));
    }

    [Fact]
    public async Task Lost_datagrams_are_sent_again()
    {
        await using var tracker = new FakeUdpTracker(losses: 2);
        Task<AnnounceResult> task = AnnounceAsync(Order("tracker.test", tracker.Port));
        await tracker.NextAsync();
        _time.Advance(TimeSpan.FromSeconds(15));
        await tracker.NextAsync();
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True((await task).IsSuccess);
    }

    [Fact]
    public async Task A_silent_tracker_is_given_up_at_the_limit_and_its_next_address_is_tried_then()
    {
        await using var silent = new FakeUdpTracker(losses: int.MaxValue);
        await using var other = new FakeUdpTracker("127.0.0.8", losses: int.MaxValue, silent.Port);
        _lookup.Host("two.test", "127.0.0.1", "127.0.0.8");
        Task<AnnounceResult> task = AnnounceAsync(Order("two.test", silent.Port, limit: 5));
        await silent.NextAsync();
        AnnounceResult result = await PassTimeAsync(task);
        Assert.Equal((TrackerFailure.TimedOut, $"127.0.0.1:{silent.Port}"), (result.Failure, result.Tracker.ToString()));
        task = AnnounceAsync(Order("two.test", silent.Port, limit: 5));
        // Time stands still until the announce is under way, so that its limit can not pass before.
        await other.NextAsync();
        result = await PassTimeAsync(task);
        Assert.Equal($"127.0.0.8:{silent.Port}", result.Tracker.ToString());
    }

    [Fact]
    public async Task Unknown_hosts_slow_resolvers_and_bad_addresses_are_failures()
    {
        Assert.Equal(TrackerFailure.HostNotFound, (await AnnounceAsync(Order("nowhere.test", 1))).Failure);
        Assert.Equal(TrackerFailure.AddressRefused, (await AnnounceAsync(Order("0.0.0.0", 1))).Failure);
        Assert.Equal(TrackerFailure.NoAddressOfFamily, (await AnnounceAsync(Order("127.0.0.1", 1, "::"))).Failure);
        _lookup.Host("slow.test", () => new TaskCompletionSource<IPAddress[]>().Task);
        Assert.Equal(TrackerFailure.TimedOut, (await PassTimeAsync(AnnounceAsync(Order("slow.test", 1, limit: 5)))).Failure);
    }

    [Fact]
    public async Task Cancelling_ends_an_announce_at_once()
    {
        await using var silent = new FakeUdpTracker(losses: int.MaxValue);
        using var cancel = new CancellationTokenSource();
        Task<AnnounceResult> task = AnnounceAsync(Order("tracker.test", silent.Port), cancel.Token);
        await silent.NextAsync();
        await cancel.CancelAsync();
        Assert.Equal(TrackerFailure.Canceled, (await task).Failure);
    }

    [Fact]
    public async Task The_edge_tells_the_end_of_every_announce_once_also_when_it_closes()
    {
        await using var udp = new FakeUdpTracker();
        await using var silent = new FakeUdpTracker(losses: int.MaxValue);
        await using var http = new ScriptedHttpServer(ScriptedHttpServer.Ok("d8:intervali1800e5:peers0:e"));
        var events = new RecordingTrackerEvents();
        var edge = new TrackerEdge(new HttpTrackerClient(_resolver, _time), _client, events);
        edge.Announce(Order("tracker.test", udp.Port), 1);
        edge.Announce(TrackerClientFixture.Order($"http://tracker.test:{http.Port}/announce"), 2);
        AnnounceResult[] ended = [await events.EndedAsync(1), await events.EndedAsync(2)];
        Assert.All(ended, result => Assert.True(result.IsSuccess, result.Message));
        edge.Announce(Order("tracker.test", silent.Port), 3);
        await silent.NextAsync();
        await edge.DisposeAsync();
        Assert.Equal(TrackerFailure.Canceled, (await events.EndedAsync(3)).Failure);
        edge.Announce(Order("tracker.test", silent.Port), 4);
        Assert.Equal(TrackerFailure.Canceled, (await events.EndedAsync(4)).Failure);
        await edge.DisposeAsync();
        Assert.Equal(4, events.Count);
    }

    [Fact]
    public void Secure_randomness_stays_in_its_range()
    {
        var random = new SecureRandom();
        for (int i = 0; i < 1000; i++)
        {
            Assert.InRange(random.Next(3), 0, 2);
            Assert.InRange(random.Next(-2, 2), -2, 1);
            Assert.InRange(random.NextInt64(1L << 32), 0, uint.MaxValue);
            Assert.InRange(random.NextDouble(), 0, 0.9999999999999999);
        }
        Assert.Equal(5, random.Next(5, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Next(6, 5));
        Assert.Equal(20, Enumerable.Range(0, 20).Select(_ => random.NextInt64()).Distinct().Count());
    }
}
