using CcBt.Core.Addressing;

namespace CcBt.Core.Tests.Addressing;

public sealed class PeerPriorityTests
{
    private static PeerAddress Parse(string text)
    {
        Assert.True(PeerAddress.TryParse(text, out PeerAddress address), text);
        return address;
    }

    // The vectors of BEP 40.
    [Theory]
    [InlineData("123.213.32.10:1", "98.76.54.32:2", 0xEC2D7224)]
    [InlineData("123.213.32.10:1", "123.213.32.234:2", 0x99568189)]
    public void Fits_the_vectors_of_the_specification(string own, string peer, uint priority)
    {
        Assert.Equal(priority, PeerPriority.Compute(Parse(own), Parse(peer)));
        Assert.Equal(priority, PeerPriority.Compute(Parse(peer), Parse(own)));
    }

    [Theory]
    [InlineData("1.2.3.4:1", "5.6.7.8:1", "01020104" + "05060500")]
    [InlineData("1.2.3.4:1", "1.2.7.8:1", "01020304" + "01020700")]
    [InlineData("1.2.3.4:1", "1.2.3.8:1", "01020304" + "01020308")]
    [InlineData("1.2.3.4:513", "1.2.3.4:258", "0102" + "0201")]
    [InlineData("[2001:db8:1:ffff::ff]:1", "[2001:db8:2:ffff::ff]:1", "20010DB8000155550000000000000055" + "20010DB8000255550000000000000055")]
    [InlineData("[2001:db8:1:ffff::ff]:1", "[2001:db8:1:11ff::ff]:1", "20010DB8000111550000000000000055" + "20010DB80001FF550000000000000055")]
    [InlineData("[2001:db8:1:ffff:ff00::ff]:1", "[2001:db8:1:ff11:ff00::ff]:1", "20010DB80001FF115500000000000055" + "20010DB80001FFFF5500000000000055")]
    public void Masks_by_what_the_addresses_share(string own, string peer, string hashed)
    {
        uint expected = Crc32C.Compute(Convert.FromHexString(hashed));
        Assert.Equal(expected, PeerPriority.Compute(Parse(own), Parse(peer)));
        Assert.Equal(expected, PeerPriority.Compute(Parse(peer), Parse(own)));
    }

    [Fact]
    public void Two_families_have_no_common_priority()
        => Assert.Throws<ArgumentException>(() => PeerPriority.Compute(Parse("1.2.3.4:1"), Parse("[2001:db8::1]:1")));
}
