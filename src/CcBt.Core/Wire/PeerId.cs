using System.Buffers.Binary;

namespace CcBt.Core.Wire;

/// <summary>The 20 bytes by which a peer calls itself (BEP 3, BEP 20).</summary>
internal readonly record struct PeerId
{
    public const int Length = 20;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly uint _last;

    public PeerId(ReadOnlySpan<byte> bytes)
    {
        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _last = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..20]);
    }

    /// <summary>How this library's ids begin: client letters and four version digits in the Azureus style (BEP 20).</summary>
    public static ReadOnlySpan<byte> Prefix => "-CB0100-"u8;

    /// <summary>An id of this library; what follows the prefix is random.</summary>
    public static PeerId Create(Random random)
    {
        Span<byte> bytes = stackalloc byte[Length];
        random.NextBytes(bytes);
        Prefix.CopyTo(bytes);
        return new PeerId(bytes);
    }

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..20], _last);
        BinaryPrimitives.WriteUInt64BigEndian(destination, _first);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _second);
    }

    /// <summary>The order of the bytes.</summary>
    public int CompareTo(in PeerId other) => (_first, _last).CompareTo((other._first, other._last));

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    public override string ToString()
    {
        Span<char> text = stackalloc char[Length];
        byte[] bytes = ToArray();
        for (int i = 0; i < Length; i++)
            text[i] = bytes[i] is > 32 and < 127 ? (char)bytes[i] : '.';
        return new string(text);
    }
}
