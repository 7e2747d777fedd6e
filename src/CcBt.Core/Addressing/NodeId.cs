using System.Buffers.Binary;
using System.Numerics;

namespace CcBt.Core.Addressing;

/// <summary>A 160-bit DHT identifier (BEP 5): node ids and info hashes share the space, measured by XOR.</summary>
internal readonly record struct NodeId : IComparable<NodeId>
{
    public const int Length = 20;

    private readonly UInt128 _high;
    private readonly uint _low;

    private NodeId(UInt128 high, uint low)
    {
        _high = high;
        _low = low;
    }

    public NodeId(ReadOnlySpan<byte> bytes)
    {
        _high = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _low = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..20]);
    }

    public static NodeId From(InfoHash infoHash)
    {
        Span<byte> bytes = stackalloc byte[Length];
        infoHash.CopyTo(bytes);
        return new NodeId(bytes);
    }

    public static NodeId Random(Random random)
    {
        Span<byte> bytes = stackalloc byte[Length];
        random.NextBytes(bytes);
        return new NodeId(bytes);
    }

    /// <summary>How many leading bits are zero; 160 for zero. Of a distance: how close two ids are.</summary>
    public int LeadingZeros => _high != 0 ? (int)UInt128.LeadingZeroCount(_high) : 128 + BitOperations.LeadingZeroCount(_low);

    /// <summary>The bit counted from the most significant one (0) to the least (159).</summary>
    public bool Bit(int index) => index < 128 ? (_high >> (127 - index) & 1) != 0 : (_low >> (159 - index) & 1) != 0;

    public static NodeId operator ^(NodeId left, NodeId right) => new(left._high ^ right._high, left._low ^ right._low);

    public int CompareTo(NodeId other)
    {
        int order = _high.CompareTo(other._high);
        return order != 0 ? order : _low.CompareTo(other._low);
    }

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..20], _low);
        BinaryPrimitives.WriteUInt128BigEndian(destination, _high);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    public override string ToString() => Convert.ToHexString(ToArray()).ToLowerInvariant();
}
