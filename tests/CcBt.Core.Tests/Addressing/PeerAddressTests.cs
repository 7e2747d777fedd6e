using System.Net;
using CcBt.Core.Addressing;

namespace CcBt.Core.Tests.Addressing;

public sealed class PeerAddressTests
{
    [Theory]
    [InlineData("1.2.3.4:5")]
    [InlineData("255.255.255.255:65535")]
    [InlineData("[::1]:6881")]
    [InlineData("[2001:db8::ff]:1")]
    public void Text_comes_back_as_it_was(string text)
    {
        Assert.True(PeerAddress.TryParse(text, out PeerAddress address));
        Assert.Equal(text, address.ToString());
        Assert.Equal(address, PeerAddress.From(IPEndPoint.Parse(text)));
        Assert.Equal(IPEndPoint.Parse(text), address.ToEndPoint());
    }

    [Theory]
    [InlineData("")]
    [InlineData(":5")]
    [InlineData("1.2.3.4")]
    [InlineData("1.2.3.4:")]
    [InlineData("1.2.3.4:0")]
    [InlineData("1.2.3.4:65536")]
    [InlineData("1.2.3.4:-1")]
    [InlineData("1.2.3.4:5x")]
    [InlineData("1.2.3.256:5")]
    [InlineData("::1")]
    [InlineData("::1:5")]
    [InlineData("[::1]")]
    [InlineData("[::1]:0")]
    [InlineData("[::1:5")]
    [InlineData("::1]:5")]
    [InlineData("host:5")]
    public void Text_without_address_or_port_is_refused(string text) => Assert.False(PeerAddress.TryParse(text, out _));

    [Fact]
    public void A_mapped_address_is_the_ipv4_one()
    {
        var mapped = PeerAddress.From(new IPEndPoint(IPAddress.Parse("::ffff:1.2.3.4"), 5));
        Assert.False(mapped.IsV6);
        Assert.Equal(PeerAddress.FromV4(0x01020304, 5), mapped);
        Assert.Equal(PeerAddress.FromV4(0x01020304, 5).GetHashCode(), mapped.GetHashCode());
    }

    [Fact]
    public void Addresses_sort_by_family_address_and_port()
    {
        string[] sorted = ["1.2.3.4:5", "1.2.3.4:6", "1.2.3.5:1", "200.0.0.0:1", "[::1]:1", "[::1]:2", "[2001:db8::]:1"];
        PeerAddress[] addresses = [.. sorted.Select(text => PeerAddress.From(IPEndPoint.Parse(text)))];
        Assert.Equal(sorted, addresses.Reverse().Order().Select(address => address.ToString()));
        Assert.Equal(0, addresses[0].CompareTo(addresses[0]));
    }

    [Fact]
    public void A_v4_address_is_not_the_v6_address_with_the_same_low_bits()
        => Assert.NotEqual(PeerAddress.FromV4(1, 5), PeerAddress.From(IPEndPoint.Parse("[::1]:5")));
}
