using System.Buffers.Binary;

namespace CcBt.Core.Addressing;

/// <summary>
/// The canonical priority of a connection between two peers (BEP 40). Both ends compute the same number, so that a
/// full swarm agrees on which connections to keep; the higher one is preferred.
/// </summary>
internal static class PeerPriority
{
    private const byte PartialMask = 0x55;

    /// <param name="own">Our address as the peer sees it.</param>
    /// <param name="peer">The peer's address, of the same family.</param>
    /// <exception cref="ArgumentException">The addresses are of two families.</exception>
    public static uint Compute(PeerAddress own, PeerAddress peer)
    {
        if (own.IsV6 != peer.IsV6)
            throw new ArgumentException($"{own} and {peer} are of two address families; priorities exist inside one only.", nameof(peer));
        if (own.CompareTo(peer) > 0)
            (own, peer) = (peer, own);
        Span<byte> pair = stackalloc byte[32];
        if (own.IsSameHost(peer))
        {
            BinaryPrimitives.WriteUInt16BigEndian(pair, own.Port);
            BinaryPrimitives.WriteUInt16BigEndian(pair[2..], peer.Port);
            return Crc32C.Compute(pair[..4]);
        }
        int length = own.WriteAddress(pair);
        peer.WriteAddress(pair[length..]);
        Span<byte> low = pair[..length], high = pair.Slice(length, length);
        Mask(low, high, low.CommonPrefixLength(high));
        return Crc32C.Compute(pair[..(2 * length)]);
    }

    /// <summary>The network counts in full, and one byte more for each byte that both share behind it; of the rest every second bit.</summary>
    private static void Mask(Span<byte> low, Span<byte> high, int sharedBytes)
    {
        int network = low.Length == 4 ? 2 : 6;
        int whole = sharedBytes < network ? network : sharedBytes + 1;
        for (int i = whole; i < low.Length; i++)
        {
            low[i] &= PartialMask;
            high[i] &= PartialMask;
        }
    }
}
