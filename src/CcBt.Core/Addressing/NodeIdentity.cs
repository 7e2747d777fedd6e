using System.Buffers.Binary;

namespace CcBt.Core.Addressing;

/// <summary>
/// Ties a node id to the external address of its node (BEP 42), so that ids next to a target can not be chosen freely:
/// <code>
/// | CRC32C of the masked address, 21 bits | random | r, 1 byte |
/// </code>
/// The low 3 bits of r enter the hash.
/// </summary>
internal static class NodeIdentity
{
    private const uint V4Mask = 0x030F3FFF;
    private const ulong V6Mask = 0x0103070F1F3F7FFF;
    private const uint PrefixMask = 0xFFFFF800;

    /// <summary>A random id that fits the address.</summary>
    public static NodeId Create(PeerAddress external, Random random)
    {
        Span<byte> id = stackalloc byte[NodeId.Length];
        random.NextBytes(id);
        uint prefix = Prefix(external, id[^1]);
        uint rest = BinaryPrimitives.ReadUInt32BigEndian(id) & ~PrefixMask;
        BinaryPrimitives.WriteUInt32BigEndian(id, prefix | rest);
        return new NodeId(id);
    }

    /// <summary>Whether the id fits the address, or the address is none that the rule is for: it binds global addresses only.</summary>
    public static bool IsCompliant(NodeId id, PeerAddress address)
        => address.Classify() != AddressClass.Global || Matches(id, address);

    /// <summary>Whether the id fits the address, of whatever class that is.</summary>
    public static bool Matches(NodeId id, PeerAddress address)
    {
        Span<byte> bytes = stackalloc byte[NodeId.Length];
        id.CopyTo(bytes);
        return (BinaryPrimitives.ReadUInt32BigEndian(bytes) & PrefixMask) == Prefix(address, bytes[^1]);
    }

    private static uint Prefix(PeerAddress address, byte salt)
    {
        Span<byte> masked = stackalloc byte[8];
        uint r = salt & 7u;
        if (address.IsV6)
        {
            BinaryPrimitives.WriteUInt64BigEndian(masked, (address.High & V6Mask) | ((ulong)r << 61));
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(masked, ((uint)address.Low & V4Mask) | (r << 29));
            masked = masked[..4];
        }
        return Crc32C.Compute(masked) & PrefixMask;
    }
}
