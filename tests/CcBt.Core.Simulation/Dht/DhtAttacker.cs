using CcBt.Core.Addressing;
using CcBt.Core.BEncoding;
using CcBt.Core.Dht;
using CcBt.Core.Simulation.Net;

namespace CcBt.Core.Simulation.Dht;

/// <summary>A host that answers every query in good form: with fellows next to the target, or, without any, with nodes that do not exist.</summary>
internal sealed class DhtAttacker
{
    private readonly SimNetwork _network;
    private readonly SimHost _host;
    private readonly IReadOnlyList<DhtAttacker> _fellows;
    private readonly KrpcReader _reader = new();
    private readonly NodeId _id;

    public DhtAttacker(SimNetwork network, PeerAddress address, NodeId? id, IReadOnlyList<DhtAttacker> fellows)
    {
        _network = network;
        _host = network.Add(address);
        _fellows = fellows;
        _id = id ?? NodeIdentity.Create(address, network.World.Random);
        _host.Receive = Answer;
    }

    /// <summary>Asking is how a node gets into the tables of others.</summary>
    public void Ping(PeerAddress to)
    {
        var writer = new BWriter();
        writer.BeginDictionary().Key("a"u8).BeginDictionary().Key("id"u8).String(_id.ToArray()).End();
        writer.Key("q"u8).String("ping"u8).Key("t"u8).String("xy"u8).Key("y"u8).String("q"u8).End();
        _network.Send(_host, to, writer.ToArray());
    }

    private void Answer(PeerAddress from, ReadOnlyMemory<byte> packet)
    {
        if (!_reader.TryRead(packet) || _reader.Kind != KrpcKind.Query)
            return;
        bool hasTarget = _reader.TryGetId("target"u8, out NodeId target) || _reader.TryGetId("info_hash"u8, out target);
        var nodes = new byte[8 * CompactNodes.V4Length];
        int start = _fellows.Count == 0 ? 0 : _network.World.Random.Next(_fellows.Count);
        for (int i = 0; i < 8; i++)
        {
            NodeContact named = _fellows.Count == 0 ? Ghost(target) : Contact(_fellows[(start + i) % _fellows.Count]);
            CompactNodes.Write(named, nodes.AsSpan(i * CompactNodes.V4Length));
        }
        var writer = new BWriter();
        writer.BeginDictionary().Key("r"u8).BeginDictionary().Key("id"u8).String(_id.ToArray());
        if (hasTarget)
            writer.Key("nodes"u8).String(nodes).Key("token"u8).String("attacker"u8);
        writer.End().Key("t"u8).String(_reader.Transaction).Key("y"u8).String("r"u8).End();
        _network.Send(_host, from, writer.ToArray());
    }

    private static NodeContact Contact(DhtAttacker attacker) => new(attacker._id, attacker._host.Address);

    private NodeContact Ghost(NodeId target)
    {
        byte[] id = target.ToArray();
        _network.World.Random.NextBytes(id.AsSpan(4));
        return new NodeContact(new NodeId(id), PeerAddress.FromV4(0x20000000 + (uint)_network.World.Random.Next(0x0FFFFFFF), 6881));
    }
}
