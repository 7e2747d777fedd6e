using CcBt.Core.Addressing;

namespace CcBt.Core.Tests.Addressing;

public sealed class AddressClassesTests
{
    private static PeerAddress Parse(string text)
    {
        Assert.True(PeerAddress.TryParse(text, out PeerAddress address), text);
        return address;
    }

    [Theory]
    [InlineData("0.0.0.0", "Unusable")]
    [InlineData("0.255.255.255", "Unusable")]
    [InlineData("1.0.0.0", "Global")]
    [InlineData("9.255.255.255", "Global")]
    [InlineData("10.0.0.0", "Private")]
    [InlineData("10.255.255.255", "Private")]
    [InlineData("11.0.0.0", "Global")]
    [InlineData("100.63.255.255", "Global")]
    [InlineData("100.64.0.0", "Private")]
    [InlineData("100.127.255.255", "Private")]
    [InlineData("100.128.0.0", "Global")]
    [InlineData("126.255.255.255", "Global")]
    [InlineData("127.0.0.0", "Loopback")]
    [InlineData("127.255.255.255", "Loopback")]
    [InlineData("128.0.0.0", "Global")]
    [InlineData("169.253.255.255", "Global")]
    [InlineData("169.254.0.0", "LinkLocal")]
    [InlineData("169.255.0.0", "Global")]
    [InlineData("172.15.255.255", "Global")]
    [InlineData("172.16.0.0", "Private")]
    [InlineData("172.31.255.255", "Private")]
    [InlineData("172.32.0.0", "Global")]
    [InlineData("192.167.255.255", "Global")]
    [InlineData("192.168.0.0", "Private")]
    [InlineData("192.169.0.0", "Global")]
    [InlineData("223.255.255.255", "Global")]
    [InlineData("224.0.0.0", "Unusable")]
    [InlineData("255.255.255.255", "Unusable")]
    [InlineData("[::]", "Unusable")]
    [InlineData("[::1]", "Loopback")]
    [InlineData("[::2]", "Unusable")]
    [InlineData("[::127.0.0.1]", "Unusable")]
    [InlineData("[::ffff:127.0.0.1]", "Loopback")]
    [InlineData("[64:ff9b::8.8.8.8]", "Global")]
    [InlineData("[64:ff9b::127.0.0.1]", "Unusable")]
    [InlineData("[2002:0808:0808::1]", "Global")]
    [InlineData("[2002:7f00:1::1]", "Unusable")]
    [InlineData("[2002:c0a8:101::1]", "Unusable")]
    [InlineData("[2001:db8::1]", "Global")]
    [InlineData("[3fff::1]", "Global")]
    [InlineData("[4000::1]", "Unusable")]
    [InlineData("[fbff::1]", "Unusable")]
    [InlineData("[fc00::1]", "Private")]
    [InlineData("[fdff::1]", "Private")]
    [InlineData("[fe80::1]", "LinkLocal")]
    [InlineData("[febf::1]", "LinkLocal")]
    [InlineData("[fec0::1]", "Private")]
    [InlineData("[ff02::1]", "Unusable")]
    public void Each_range_ends_where_it_should(string address, string expected)
        => Assert.Equal(expected, Parse(address + ":6881").Classify().ToString());

    [Theory]
    [InlineData("203.0.113.77:9", "203.0.113.0")]
    [InlineData("[2001:db8:1:2:3:4:5:6]:9", "2001:db8:1:2::")]
    public void The_network_is_a_24_or_a_64(string address, string network)
    {
        Assert.Equal(network, Parse(address).Network().ToIPAddress().ToString());
        Assert.Equal(0, Parse(address).Network().Port);
    }

    [Fact]
    public void Strangers_name_no_address_inside_our_network()
    {
        AddressClass[] all = Enum.GetValues<AddressClass>();
        Assert.Equal([AddressClass.Global], all.Where(named => AddressClass.Global.MayName(named)));
        Assert.Equal([AddressClass.LinkLocal, AddressClass.Private, AddressClass.Global], all.Where(named => AddressClass.Private.MayName(named)));
        Assert.Equal([AddressClass.LinkLocal, AddressClass.Private, AddressClass.Global], all.Where(named => AddressClass.LinkLocal.MayName(named)));
        Assert.Equal(all[1..], all.Where(named => AddressClass.Loopback.MayName(named)));
        Assert.DoesNotContain(all, named => AddressClass.Unusable.MayName(named));
    }
}
