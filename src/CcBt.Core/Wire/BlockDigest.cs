using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CcBt.Core.Wire;

/// <summary>The SHA-1 of one block as a value, to compare who sent what when a piece was bad and the next try was good.</summary>
internal readonly record struct BlockDigest
{
    private readonly ulong _first;
    private readonly ulong _second;
    private readonly uint _last;

    public BlockDigest(ReadOnlySpan<byte> sha1)
    {
        _first = BinaryPrimitives.ReadUInt64BigEndian(sha1);
        _second = BinaryPrimitives.ReadUInt64BigEndian(sha1[8..]);
        _last = BinaryPrimitives.ReadUInt32BigEndian(sha1[16..20]);
    }

    public static BlockDigest Compute(ReadOnlySpan<byte> block)
    {
        Span<byte> sha1 = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(block, sha1);
        return new BlockDigest(sha1);
    }
}
