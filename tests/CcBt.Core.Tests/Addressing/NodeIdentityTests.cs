using CcBt.Core.Addressing;

namespace CcBt.Core.Tests.Addressing;

public sealed class NodeIdentityTests
{
    // The vectors of BEP 42.
    [Theory]
    [InlineData("124.31.75.21", "5fbfbff10c5d6a4ec8a88e4c6ab4c28b95eee401")]
    [InlineData("21.75.31.124", "5a3ce9c14e7a08645677bbd1cfe7d8f956d53256")]
    [InlineData("65.23.51.170", "a5d43220bc8f112a3d426c84764f8c2a1150e616")]
    [InlineData("84.124.73.14", "1b0321dd1bb1fe518101ceef99462b947a01ff41")]
    [InlineData("43.213.53.83", "e56f6cbf5b7c4be0237986d5243b87aa6d51305a")]
    public void Ids_of_the_specification_fit_their_addresses(string address, string id)
    {
        Assert.True(PeerAddress.TryParse(address + ":1", out PeerAddress node));
        Assert.True(PeerAddress.TryParse("8.8.8.8:1", out PeerAddress other));
        var nodeId = new NodeId(Convert.FromHexString(id));
        Assert.True(NodeIdentity.Matches(nodeId, node));
        Assert.True(NodeIdentity.IsCompliant(nodeId, node.WithPort(9)));
        Assert.False(NodeIdentity.IsCompliant(nodeId, other));
    }

    [Theory]
    [InlineData("124.31.75.21:6881")]
    [InlineData("[2001:db8:85a3:1::7334]:6881")]
    public void A_created_id_fits_and_each_of_its_21_bits_counts(string text)
    {
        Assert.True(PeerAddress.TryParse(text, out PeerAddress address));
        var random = new Random(7);
        for (int i = 0; i < 50; i++)
        {
            NodeId id = NodeIdentity.Create(address, random);
            Assert.True(NodeIdentity.Matches(id, address));
            for (int bit = 0; bit < 24; bit++)
            {
                byte[] bytes = id.ToArray();
                bytes[bit / 8] ^= (byte)(0x80 >> bit % 8);
                Assert.Equal(bit >= 21, NodeIdentity.Matches(new NodeId(bytes), address));
            }
        }
    }

    [Fact]
    public void Only_the_network_half_of_an_ipv6_address_counts()
    {
        Assert.True(PeerAddress.TryParse("[2001:db8:85a3:1::7334]:1", out PeerAddress one));
        Assert.True(PeerAddress.TryParse("[2001:db8:85a3:1:ffff::1]:1", out PeerAddress sameNetwork));
        NodeId id = NodeIdentity.Create(one, new Random(1));
        Assert.True(NodeIdentity.Matches(id, sameNetwork));
    }

    [Theory]
    [InlineData("127.0.0.1:1")]
    [InlineData("10.1.2.3:1")]
    [InlineData("172.16.9.9:1")]
    [InlineData("192.168.1.1:1")]
    [InlineData("169.254.1.1:1")]
    [InlineData("[fe80::1]:1")]
    public void Local_addresses_are_exempt(string text)
    {
        Assert.True(PeerAddress.TryParse(text, out PeerAddress address));
        for (int seed = 0; seed < 20; seed++)
            Assert.True(NodeIdentity.IsCompliant(NodeId.Random(new Random(seed)), address));
    }
}
