using CcBt.Core.Addressing;
using CcBt.Core.BEncoding;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

/// <summary>One of many ids that an attacker holds next to a target: it answers well, names its fellows, and forgets what it is told.</summary>
internal sealed class SybilNode(NodeId id, IReadOnlyList<NodeContact> fellows)
{
    private readonly KrpcReader _reader = new();

    /// <summary>Puts ids that share at least 24 bits with the torrent at addresses of some networks, and makes the honest nodes know them.</summary>
    public static void Surround(
        VirtualNetwork network, InfoHash torrent, int count, int networks, int round, IReadOnlyList<VirtualHost> honest)
    {
        NodeId target = NodeId.From(torrent);
        var fellows = new List<NodeContact>();
        for (int i = 0; i < count; i++)
        {
            byte[] id = target.ToArray();
            network.Random.NextBytes(id.AsSpan(3));
            uint address = 0xC8000000 + (uint)round * 0x10000 + (uint)(i % networks) * 0x100 + (uint)(networks == 1 ? 1 : i / networks + 1);
            fellows.Add(new NodeContact(new NodeId(id), PeerAddress.FromV4(address, (ushort)(10_000 + i))));
        }
        foreach (NodeContact contact in fellows)
        {
            var sybil = new SybilNode(contact.Id, fellows);
            network.AddForged(contact.Address, sybil.Answer);
            byte[] ping = KrpcSamples.Query(contact.Id, "ping", "xy"u8.ToArray());
            for (int i = 0; i < 3; i++)
                network.Send(contact.Address, honest[network.Random.Next(honest.Count)].Address, ping);
        }
    }

    private byte[]? Answer(PeerAddress from, ReadOnlyMemory<byte> packet)
    {
        if (!_reader.TryRead(packet) || _reader.Kind != KrpcKind.Query)
            return null;
        var nodes = new byte[8 * CompactNodes.V4Length];
        int start = _reader.Transaction[0] % fellows.Count;
        for (int i = 0; i < 8; i++)
            CompactNodes.Write(fellows[(start + i) % fellows.Count], nodes.AsSpan(i * CompactNodes.V4Length));
        var writer = new BWriter();
        writer.BeginDictionary().Key("r"u8).BeginDictionary().Key("id"u8).String(id.ToArray());
        writer.Key("nodes"u8).String(nodes).Key("token"u8).String("sybil"u8);
        writer.End().Key("t"u8).String(_reader.Transaction).Key("y"u8).String("r"u8).End();
        return writer.ToArray();
    }
}
