using CcBt.Core.Addressing;
using CcBt.Core.Tests.Time;
using CcBt.Core.Transport;
using CcBt.Core.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace CcBt.Core.Tests.Transport;

public sealed class HalfOpenLinksTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly LinkHost _host;
    private readonly HalfOpenLinks _links;

    public HalfOpenLinksTests()
    {
        _host = new LinkHost(_time, NullLogger.Instance);
        _links = new HalfOpenLinks(_time);
    }

    [Fact]
    public void A_global_address_gets_few_places()
    {
        TcpPeerLink[] attackers = [.. Enumerable.Range(0, Limits.HalfOpenInboundPerAddress + 1).Select(i => Link(0x50010101, i))];
        foreach (TcpPeerLink link in attackers[..^1])
            Assert.True(_links.TryAdd(link, out _));
        Assert.False(_links.TryAdd(attackers[^1], out _));
        Assert.True(_links.TryAdd(Link(0x50010102, 1), out _));
        _links.Remove(attackers[0], hasArrived: false);
        _links.Remove(attackers[0], hasArrived: false);
        Assert.True(_links.TryAdd(attackers[^1], out _));
        Assert.Equal(Limits.HalfOpenInboundPerAddress + 1, _links.Count);
    }

    [Fact]
    public void Among_equals_the_oldest_makes_room_once_a_handshake_would_have_come()
    {
        TcpPeerLink[] slow = [.. Enumerable.Range(0, Limits.HalfOpenInbound).Select(i => Link(0x50000001 + (uint)i * 256, i))];
        foreach (TcpPeerLink link in slow)
            Assert.True(_links.TryAdd(link, out _));
        Assert.False(_links.TryAdd(Link(0x51000001, 1), out TcpPeerLink? evicted));
        Assert.Null(evicted);
        _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.True(_links.TryAdd(Link(0x51000001, 1), out evicted));
        Assert.Same(slow[0], evicted);
        Assert.True(_links.TryAdd(Link(0x51000101, 1), out evicted));
        Assert.Same(slow[1], evicted);
        _links.Remove(slow[0], hasArrived: false);
        Assert.Equal(Limits.HalfOpenInbound, _links.Count);
    }

    [Fact]
    public void An_honest_newcomer_outlasts_a_flood_from_few_networks()
    {
        for (int i = 0; i < Limits.HalfOpenInbound; i++)
            Assert.True(_links.TryAdd(Link(0x50010100 + (uint)i, 1), out _));
        TcpPeerLink honest = Link(0x51010101, 1);
        Assert.True(_links.TryAdd(honest, out _));
        for (int i = 0; i < 10 * Limits.HalfOpenInbound; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            _links.TryAdd(Link(0x50010100 + (uint)(i % 200), i), out TcpPeerLink? evicted);
            Assert.NotSame(honest, evicted);
        }
        Assert.Equal(Limits.HalfOpenInbound, _links.Count);
        _links.Remove(honest, hasArrived: false);
        Assert.Equal(Limits.HalfOpenInbound - 1, _links.Count);
    }

    [Fact]
    public void Who_had_to_give_way_before_gives_way_to_others_until_it_sends_a_handshake()
    {
        TcpPeerLink[] slow = [.. Enumerable.Range(0, Limits.HalfOpenInbound).Select(i => Link(0x50000001 + (uint)i * 256, i))];
        foreach (TcpPeerLink link in slow)
            Assert.True(_links.TryAdd(link, out _));
        _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.True(_links.TryAdd(Link(0x51000001, 1), out TcpPeerLink? evicted));
        Assert.Same(slow[0], evicted);
        TcpPeerLink again = Link(0x50000001, 200);
        Assert.True(_links.TryAdd(again, out evicted));
        Assert.Same(slow[1], evicted);

        // At once, although older ones are there, and only for those that did not give way.
        Assert.False(_links.TryAdd(Link(0x50000101, 200), out _));
        Assert.True(_links.TryAdd(Link(0x51000101, 1), out evicted));
        Assert.Same(again, evicted);

        Assert.True(_links.TryAdd(again, out evicted));
        Assert.Same(slow[2], evicted);
        _links.Remove(again, hasArrived: true);
        Assert.True(_links.TryAdd(again, out evicted));
        Assert.Null(evicted);
        Assert.True(_links.TryAdd(Link(0x51000201, 1), out evicted));
        Assert.Same(slow[3], evicted);
    }

    [Fact]
    public void Networks_that_gave_way_are_forgotten_when_one_more_than_is_kept_does()
    {
        for (int i = 0; i < Limits.HalfOpenInbound + Limits.NetworksThatGaveWay - 1; i++)
            AddLater(Link(0x50000001 + (uint)i * 256, 1));
        TcpPeerLink first = Link(0x50000001, 2), second = Link(0x50000101, 2);
        AddLater(first);
        Assert.Same(first, AddLater(Link(0x51000001, 1)));
        AddLater(second);
        Assert.NotSame(second, AddLater(Link(0x51000101, 1)));
    }

    [Fact]
    public void A_burst_of_newcomers_cuts_down_nobody_inside()
    {
        for (int i = 0; i < Limits.HalfOpenInbound; i++)
            Assert.True(_links.TryAdd(Link(0x0A000000 + (uint)i, 1), out _));
        for (int i = 0; i < Limits.HalfOpenInbound; i++)
        {
            Assert.False(_links.TryAdd(Link(0x0A000000 + (uint)i, 2), out TcpPeerLink? evicted));
            Assert.Null(evicted);
        }
    }

    public void Dispose() => _host.Dispose();

    /// <summary>Adds a link once a handshake of those inside would have come; returns who made room.</summary>
    private TcpPeerLink? AddLater(TcpPeerLink link)
    {
        _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.True(_links.TryAdd(link, out TcpPeerLink? evicted));
        return evicted;
    }

    private TcpPeerLink Link(uint address, int port)
        => new(_host.NextLinkId(), PeerAddress.FromV4(address, (ushort)(port + 1)), isOutbound: false, _host, new QuietEvents());

    private sealed class QuietEvents : IPeerLinkEvents
    {
        public void Opened(IPeerLink link, in Handshake theirs)
        {
        }

        public void Arrived(IPeerLink link, in Handshake theirs)
        {
        }

        public void Reported(IPeerLink link, PeerReport report) => report.Return();

        public void Closed(IPeerLink link, LinkCloseReason reason)
        {
        }
    }
}
