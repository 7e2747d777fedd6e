using System.Buffers.Binary;
using System.Security.Cryptography;
using CcBt.Core.Addressing;

namespace CcBt.Core.Wire;

/// <summary>The pieces that a peer may have while it is choked, the same from every sender (BEP 6); defined for IPv4 only.</summary>
internal static class AllowedFastSet
{
    /// <summary>How many pieces the specification proposes.</summary>
    public const int UsualCount = 10;

    /// <summary>Writes the set for the peer at <paramref name="address"/> and returns its size: less than asked for in a torrent of fewer pieces, 0 for IPv6.</summary>
    public static int Compute(PeerAddress address, InfoHash infoHash, int pieceCount, Span<int> pieces)
    {
        int wanted = Math.Min(pieces.Length, pieceCount);
        if (address.IsV6 || wanted <= 0)
            return 0;
        Span<byte> start = stackalloc byte[4 + InfoHash.Length];
        BinaryPrimitives.WriteUInt32BigEndian(start, (uint)address.Low & 0xFFFFFF00);
        infoHash.CopyTo(start[4..]);
        Span<byte> former = stackalloc byte[SHA1.HashSizeInBytes];
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        int count = 0;
        while (count < wanted)
        {
            SHA1.HashData(count == 0 ? start : former, hash);
            hash.CopyTo(former);
            for (int at = 0; at < hash.Length && count < wanted; at += 4)
            {
                int piece = (int)(BinaryPrimitives.ReadUInt32BigEndian(hash[at..]) % (uint)pieceCount);
                if (!pieces[..count].Contains(piece))
                    pieces[count++] = piece;
            }
        }
        return count;
    }
}
