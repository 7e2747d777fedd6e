using System.Numerics;
using CcBt.Core.Addressing;

namespace CcBt.Core.Tests.Addressing;

public sealed class NodeIdTests
{
    private static BigInteger Number(NodeId id) => new(id.ToArray(), isUnsigned: true, isBigEndian: true);

    [Fact]
    public void Distance_order_and_bits_agree_with_big_integers()
    {
        var random = new Random(3);
        NodeId former = default;
        for (int i = 0; i < 1_000; i++)
        {
            NodeId id = NodeId.Random(random);
            if (i % 3 == 0)
            {
                // Ids that share a long prefix: their order is decided at the end.
                byte[] close = former.ToArray();
                close[random.Next(NodeId.Length)] ^= (byte)random.Next(256);
                id = new NodeId(close);
            }
            Assert.Equal(Number(id).CompareTo(Number(former)), Math.Sign(id.CompareTo(former)));
            Assert.Equal(Number(id) ^ Number(former), Number(id ^ former));
            Assert.Equal(160 - (int)Number(id ^ former).GetBitLength(), (id ^ former).LeadingZeros);
            int bit = random.Next(160);
            Assert.Equal(!(Number(id) >> (159 - bit)).IsEven, id.Bit(bit));
            former = id;
        }
    }

    [Fact]
    public void Bytes_and_text_come_back()
    {
        InfoHash hash = InfoHash.Parse("0123456789abcdef0123456789abcdef01234567");
        NodeId id = NodeId.From(hash);
        Assert.Equal(hash.ToString(), id.ToString());
        Assert.Equal(id, new NodeId(hash.ToArray()));
        Assert.Equal(160, default(NodeId).LeadingZeros);
    }
}
