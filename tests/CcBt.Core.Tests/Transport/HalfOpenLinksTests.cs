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
    private readonly HalfOpenLinks _links = new();

    public HalfOpenLinksTests() => _host = new LinkHost(_time, NullLogger.Instance);

    [Fact]
    public void A_global_address_gets_few_places()
    {
        TcpPeerLink[] attackers = [.. Enumerable.Range(0, Limits.HalfOpenInboundPerAddress + 1).Select(i => Link(0x50010101, i))];
        foreach (TcpPeerLink link in attackers[..^1])
            Assert.True(_links.TryAdd(link, out _));
        Assert.False(_links.TryAdd(attackers[^1], out _));
        Assert.True(_links.TryAdd(Link(0x50010102, 1), out _));
        _links.Remove(attackers[0]);
        _links.Remove(attackers[0]);
        Assert.True(_links.TryAdd(attackers[^1], out _));
        Assert.Equal(Limits.HalfOpenInboundPerAddress + 1, _links.Count);
    }

    [Fact]
    public void A_full_house_lets_in_nobody_until_the_oldest_has_had_its_chance()
    {
        TcpPeerLink[] slow = [.. Enumerable.Range(0, Limits.HalfOpenInbound).Select(i => Link(0x0A000001, i))];
        foreach (TcpPeerLink link in slow)
            Assert.True(_links.TryAdd(link, out _));
        Assert.False(_links.TryAdd(Link(0x50010101, 1), out _));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(_links.TryAdd(Link(0x50010101, 1), out TcpPeerLink? evicted));
        Assert.Same(slow[0], evicted);
        _links.Remove(slow[0]);
        Assert.Equal(Limits.HalfOpenInbound, _links.Count);
    }

    public void Dispose() => _host.Dispose();

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
