using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CcBt.Core.Storage;

/// <summary>The SHA-1 of one block, to compare who sent what when a piece was bad and the next try was good.</summary>
internal readonly record struct BlockDigest(ulong First, ulong Second, uint Third)
{
    public static BlockDigest Compute(ReadOnlySpan<byte> block)
    {
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(block, digest);
        return new BlockDigest(
            BinaryPrimitives.ReadUInt64BigEndian(digest),
            BinaryPrimitives.ReadUInt64BigEndian(digest[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(digest[16..]));
    }
}
