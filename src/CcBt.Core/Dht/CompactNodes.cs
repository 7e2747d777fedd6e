using CcBt.Core.Addressing;

namespace CcBt.Core.Dht;

/// <summary>
/// Compact node info (BEP 5, BEP 32), in a row without separators:
/// <code>
/// | node id 20 | address 4 or 16 | port 2 |
/// </code>
/// </summary>
internal static class CompactNodes
{
    public const int V4Length = NodeId.Length + CompactAddresses.V4Length;
    public const int V6Length = NodeId.Length + CompactAddresses.V6Length;

    public static int EntryLength(bool isV6) => isV6 ? V6Length : V4Length;

    /// <summary>
    /// Appends the contacts that <paramref name="source"/> may name and that are of the family asked for. A rest that
    /// fills no entry is ignored; no more than <paramref name="most"/> entries are looked at.
    /// </summary>
    public static void Read(ReadOnlySpan<byte> nodes, bool isV6, AddressClass source, List<NodeContact> into, int most)
    {
        int length = EntryLength(isV6);
        for (; most > 0 && nodes.Length >= length; nodes = nodes[length..], most--)
        {
            if (CompactAddresses.TryRead(nodes[NodeId.Length..length], out PeerAddress address)
                && address.IsV6 == isV6 && source.MayName(address.Classify()))
                into.Add(new NodeContact(new NodeId(nodes[..NodeId.Length]), address));
        }
    }

    public static int Write(NodeContact node, Span<byte> destination)
    {
        node.Id.CopyTo(destination);
        return NodeId.Length + CompactAddresses.Write(node.Address, destination[NodeId.Length..]);
    }
}
