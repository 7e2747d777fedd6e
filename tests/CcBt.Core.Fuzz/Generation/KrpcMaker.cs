using CcBt.Core.Addressing;
using CcBt.Core.BEncoding;
using CcBt.Core.Dht;

namespace CcBt.Core.Fuzz.Generation;

/// <summary>Makes DHT packets (BEP 5).</summary>
internal static class KrpcMaker
{
    public static byte[] Query(Random random)
    {
        var query = new PendingQuery((QueryKind)random.Next(4), random.Global())
        {
            Target = NodeId.Random(random),
            Token = random.Bytes(random.Next(1, 20)),
            Port = (ushort)random.Next(1, 65536),
            ImpliedPort = random.Chance(30),
            Transaction = (uint)random.Next(),
        };
        return Query(random, query);
    }

    public static byte[] Query(Random random, PendingQuery query)
    {
        var writer = new KrpcWriter();
        writer.Query(query, NodeId.Random(random), random.Chance(20), random.Chance(30));
        return writer.Written.ToArray();
    }

    public static byte[] Answer(Random random) => Answer(random, random.Bytes(random.Next(1, 9)), NodeId.Random(random), random.V4());

    /// <param name="random">What it names, and whether.</param>
    /// <param name="transaction">The query's.</param>
    /// <param name="id">The id of who answers.</param>
    /// <param name="asker">Where it says that it sees the asker.</param>
    public static byte[] Answer(Random random, ReadOnlySpan<byte> transaction, NodeId id, PeerAddress asker)
    {
        var writer = new KrpcWriter();
        BWriter body = writer.BeginResponse(asker, id);
        if (random.Chance(70))
            body.Key("nodes"u8).String(Nodes(random, false));
        if (random.Chance(20))
            body.Key("nodes6"u8).String(Nodes(random, true));
        if (random.Chance(50))
            body.Key("token"u8).String(random.Bytes(random.Next(1, 12)));
        if (random.Chance(50))
        {
            body.Key("values"u8).BeginList();
            for (int i = random.Next(20); i > 0; i--)
                body.String(random.Bytes(random.Chance(95) ? 6 : random.Next(20)));
            body.End();
        }
        writer.EndResponse(transaction);
        return writer.Written.ToArray();
    }

    public static byte[] Error(Random random) => Error(random, random.Bytes(random.Next(1, 9)));

    public static byte[] Error(Random random, ReadOnlySpan<byte> transaction)
    {
        var writer = new KrpcWriter();
        writer.Error(random.V4(), transaction, random.Chance(50) ? KrpcErrorCode.Protocol : KrpcErrorCode.MethodUnknown, random.Name());
        return writer.Written.ToArray();
    }

    private static byte[] Nodes(Random random, bool isV6)
    {
        var nodes = new byte[random.Next(9) * CompactNodes.EntryLength(isV6)];
        for (int at = 0; at < nodes.Length; at += CompactNodes.EntryLength(isV6))
            CompactNodes.Write(new NodeContact(NodeId.Random(random), isV6 ? random.V6() : random.Global()), nodes.AsSpan(at));
        return nodes;
    }
}
