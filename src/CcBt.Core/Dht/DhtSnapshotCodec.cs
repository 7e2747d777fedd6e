using CcBt.Core.Addressing;
using CcBt.Core.BEncoding;

namespace CcBt.Core.Dht;

/// <summary>
/// Saved state as bencode, with the keys that other clients use too:
/// <code>
/// d 2:id 20:... 5:nodes n:compact node info e        (nodes6 for IPv6)
/// </code>
/// </summary>
internal static class DhtSnapshotCodec
{
    public static byte[] Encode(DhtSnapshot snapshot)
    {
        int length = CompactNodes.EntryLength(snapshot.IsV6);
        int count = Math.Min(snapshot.Nodes.Count, Limits.DhtSavedNodes);
        var nodes = new byte[count * length];
        for (int i = 0; i < count; i++)
            CompactNodes.Write(snapshot.Nodes[i], nodes.AsSpan(i * length));
        var writer = new BWriter(nodes.Length + 64);
        writer.BeginDictionary().Key("id"u8).String(snapshot.Id.ToArray());
        writer.Key(NodesKey(snapshot.IsV6)).String(nodes).End();
        return writer.ToArray();
    }

    /// <summary>Null when the value holds no state of that family; single entries that are no usable addresses are left out.</summary>
    public static DhtSnapshot? Decode(BValue value, bool isV6)
    {
        ReadOnlySpan<byte> id = value["id"u8].Bytes;
        if (id.Length != NodeId.Length || !value[NodesKey(isV6)].TryGetBytes(out ReadOnlySpan<byte> compact))
            return null;
        var nodes = new List<NodeContact>();
        // Saved nodes are our own word: loopback names every class.
        CompactNodes.Read(compact, isV6, AddressClass.Loopback, nodes, Limits.DhtSavedNodes);
        return new DhtSnapshot(new NodeId(id), isV6, nodes);
    }

    private static ReadOnlySpan<byte> NodesKey(bool isV6) => isV6 ? "nodes6"u8 : "nodes"u8;
}
