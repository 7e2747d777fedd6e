using System.Buffers.Binary;

namespace CcBt.Core.Addressing;

/// <summary>
/// The compact forms of BEP 5, 7, 11, 23 and 32:
/// <code>
/// IPv4: | address 4 | port 2 |        IPv6: | address 16 | port 2 |
/// </code>
/// </summary>
internal static class CompactAddresses
{
    public const int V4Length = 6;
    public const int V6Length = 18;

    /// <summary>Reads one address of 6 or 18 bytes. False for port 0 and for a length that is neither.</summary>
    public static bool TryRead(ReadOnlySpan<byte> compact, out PeerAddress address)
    {
        address = default;
        if (compact.Length is not (V4Length or V6Length))
            return false;
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(compact[^2..]);
        address = PeerAddress.FromBytes(compact[..^2], port);
        return port != 0;
    }

    /// <summary>Appends the usable addresses of a run of entries; a rest that fills no entry is ignored. Stops at <paramref name="most"/>.</summary>
    public static void ReadAll(ReadOnlySpan<byte> compact, int entryLength, ICollection<PeerAddress> into, int most)
    {
        for (; compact.Length >= entryLength && into.Count < most; compact = compact[entryLength..])
        {
            if (TryRead(compact[..entryLength], out PeerAddress address))
                into.Add(address);
        }
    }

    /// <summary>Writes one address and returns its 6 or 18 bytes' count.</summary>
    public static int Write(PeerAddress address, Span<byte> destination)
    {
        int length = address.WriteAddress(destination);
        BinaryPrimitives.WriteUInt16BigEndian(destination[length..], address.Port);
        return length + 2;
    }
}
