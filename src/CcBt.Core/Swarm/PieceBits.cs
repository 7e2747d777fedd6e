using System.Buffers.Binary;
using System.Numerics;
using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

/// <summary>Walks one or two piece sets 64 pieces at a time.</summary>
internal static class PieceBits
{
    /// <summary>The first piece from <paramref name="from"/> on that is in the set, or -1.</summary>
    public static int Next(PieceSet set, int from) => NextBoth(set, set, from);

    /// <summary>The first piece from <paramref name="from"/> on that is in both sets, or -1.</summary>
    public static int NextBoth(PieceSet one, PieceSet other, int from)
    {
        ReadOnlySpan<byte> a = one.Bytes, b = other.Bytes;
        int words = Words(one.PieceCount);
        ulong mask = ulong.MaxValue >> (from & 63);
        for (int word = from >> 6; word < words; word++, mask = ulong.MaxValue)
        {
            ulong bits = Word(a, word) & Word(b, word) & mask;
            if (bits != 0)
                return word * 64 + BitOperations.LeadingZeroCount(bits);
        }
        return -1;
    }

    public static int CountBoth(PieceSet one, PieceSet other)
    {
        ReadOnlySpan<byte> a = one.Bytes, b = other.Bytes;
        int words = Words(one.PieceCount), count = 0;
        for (int word = 0; word < words; word++)
            count += BitOperations.PopCount(Word(a, word) & Word(b, word));
        return count;
    }

    /// <summary>What is wanted and not had.</summary>
    public static PieceSet Missing(PieceSet wanted, PieceSet have)
    {
        PieceSet missing = wanted.Clone();
        for (int piece = NextBoth(wanted, have, 0); piece >= 0; piece = NextBoth(wanted, have, piece + 1))
            missing.Remove(piece);
        return missing;
    }

    private static int Words(int pieceCount) => (int)(((long)pieceCount + 63) / 64);

    private static ulong Word(ReadOnlySpan<byte> bytes, int word)
    {
        int at = word * 8;
        if (bytes.Length - at >= 8)
            return BinaryPrimitives.ReadUInt64BigEndian(bytes[at..]);
        ulong bits = 0;
        for (int i = at; i < at + 8; i++)
            bits = bits << 8 | (i < bytes.Length ? bytes[i] : 0u);
        return bits;
    }
}
