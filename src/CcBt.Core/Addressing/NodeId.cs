using System.Buffers.Binary;
using System.Numerics;

namespace CcBt.Core.Addressing;

/// <summary>A 160-bit DHT identifier (BEP 5): node ids and info hashes share the space, measured by XOR.</summary>
internal readonly record struct NodeId : IComparable<NodeId>
{
    public const int Length = 20;

    // Words and not a UInt128: code over types that hold one is left out of ahead-of-time compilation.
    private readonly ulong _high;
    private readonly ulong _middle;
    private readonly uint _low;

    private NodeId(ulong high, ulong middle, uint low)
    {
        _high = high;
        _middle = middle;
        _low = low;
    }

    public NodeId(ReadOnlySpan<byte> bytes)
    {
        _high = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _middle = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
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
    public int LeadingZeros 
        => _high != 0 ? BitOperations.LeadingZeroCount(_high)
            : _middle != 0 ? 64 + BitOperations.LeadingZeroCount(_middle)
            : 128 + BitOperations.LeadingZeroCount(_low);

    /// <summary>The bit counted from the most significant one (0) to the least (159).</summary>
    public bool Bit(int index) 
        => (index < 64 ? _high >> (63 - index) & 1 : index < 128 ? _middle >> (127 - index) & 1 : _low >> (159 - index) & 1) != 0;

    public static NodeId operator ^(NodeId left, NodeId right) => new(left._high ^ right._high, left._middle ^ right._middle, left._low ^ right._low);

    public int CompareTo(NodeId other)
    {
        int order = _high.CompareTo(other._high);
        if (order == 0)
            order = _middle.CompareTo(other._middle);
        return order != 0 ? order : _low.CompareTo(other._low);
    }

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..20], _low);
        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _middle);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    public override string ToString() => Convert.ToHexString(ToArray()).ToLowerInvariant();
}
