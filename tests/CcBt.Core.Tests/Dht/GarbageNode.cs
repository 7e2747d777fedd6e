using CcBt.Core.Addressing;
using CcBt.Core.BEncoding;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

/// <summary>A node that answers everything, and names only nodes that do not exist, each closer to the target than any real one.</summary>
internal sealed class GarbageNode(PeerAddress address, Random random)
{
    private readonly KrpcReader _reader = new();
    private readonly NodeId _id = NodeIdentity.Create(address, random);

    public byte[] Ping() => KrpcSamples.Query(_id, "ping", "gn"u8);

    public byte[]? Answer(PeerAddress from, ReadOnlyMemory<byte> packet)
    {
        if (!_reader.TryRead(packet) || _reader.Kind != KrpcKind.Query)
            return null;
        bool hasTarget = _reader.TryGetId("target"u8, out NodeId target) || _reader.TryGetId("info_hash"u8, out target);
        var nodes = new byte[8 * CompactNodes.V4Length];
        for (int i = 0; i < 8 && hasTarget; i++)
        {
            byte[] id = target.ToArray();
            random.NextBytes(id.AsSpan(4));
            var ghost = PeerAddress.FromV4(0x20000000 + (uint)random.Next(0x0FFFFFFF), 6881);
            CompactNodes.Write(new NodeContact(new NodeId(id), ghost), nodes.AsSpan(i * CompactNodes.V4Length));
        }
        var writer = new BWriter();
        writer.BeginDictionary().Key("r"u8).BeginDictionary().Key("id"u8).String(_id.ToArray());
        if (hasTarget)
            writer.Key("nodes"u8).String(nodes).Key("token"u8).String("garbage!"u8);
        writer.End().Key("t"u8).String(_reader.Transaction).Key("y"u8).String("r"u8).End();
        return writer.ToArray();
    }
}
