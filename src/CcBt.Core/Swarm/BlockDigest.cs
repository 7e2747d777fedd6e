using System.Buffers.Binary;

namespace CcBt.Core.Swarm;

/// <summary>The 20-byte SHA-1 of one block as a value; the swarm only compares it.</summary>
internal readonly record struct BlockDigest
{
    private readonly UInt128 _first;
    private readonly uint _last;

    public BlockDigest(ReadOnlySpan<byte> sha1)
    {
        _first = BinaryPrimitives.ReadUInt128BigEndian(sha1);
        _last = BinaryPrimitives.ReadUInt32BigEndian(sha1[16..20]);
    }
}
