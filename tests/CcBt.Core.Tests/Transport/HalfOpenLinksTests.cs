using CcBt.Core.Addressing;
using CcBt.Core.Transport;

namespace CcBt.Core.Tests.Transport;

public sealed class HalfOpenLinksTests
{
    [Fact]
    public void A_global_address_gets_few_places_and_all_together_get_a_hundred()
    {
        HalfOpenLinks links = new();
        var attacker = PeerAddress.FromV4(0x50010101, 1000);
        for (int i = 0; i < Limits.HalfOpenInboundPerAddress; i++)
            Assert.True(links.TryAdd(attacker.WithPort((ushort)(1000 + i))));
        Assert.False(links.TryAdd(attacker));
        for (uint i = 0; links.Count < Limits.HalfOpenInbound; i++)
            Assert.True(links.TryAdd(PeerAddress.FromV4(0x0A000001 + i / 50, (ushort)(i + 1))));
        Assert.False(links.TryAdd(PeerAddress.FromV4(0x0A00FFFF, 1)));
        links.Remove(attacker);
        Assert.True(links.TryAdd(attacker));
        for (int i = 0; i < Limits.HalfOpenInboundPerAddress; i++)
            links.Remove(attacker);
        links.Remove(attacker);
        Assert.Equal(Limits.HalfOpenInbound - Limits.HalfOpenInboundPerAddress, links.Count);
    }
}
