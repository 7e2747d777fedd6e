using CcBt.Core.Addressing;
using CcBt.Core.BEncoding;

namespace CcBt.Core.Tests.Dht;

/// <summary>Queries as other clients send them.</summary>
internal static class KrpcSamples
{
    public static byte[] Query(NodeId id, string method, ReadOnlySpan<byte> transaction, Action<BWriter>? moreArguments = null, bool isReadOnly = false)
    {
        var writer = new BWriter();
        writer.BeginDictionary().Key("a"u8).BeginDictionary().Key("id"u8).String(id.ToArray());
        moreArguments?.Invoke(writer);
        writer.End().Key("q"u8).Text(method);
        if (isReadOnly)
            writer.Key("ro"u8).Integer(1);
        writer.Key("t"u8).String(transaction).Key("y"u8).String("q"u8).End();
        return writer.ToArray();
    }

    public static byte[] FindNode(NodeId id, NodeId target, params string[] want) => Query(id, "find_node", "fn"u8, arguments =>
    {
        arguments.Key("target"u8).String(target.ToArray());
        if (want.Length > 0)
        {
            arguments.Key("want"u8).BeginList();
            foreach (string family in want)
                arguments.Text(family);
            arguments.End();
        }
    });

    public static byte[] GetPeers(NodeId id, NodeId infoHash) => Query(id, "get_peers", "gp"u8,
        arguments => arguments.Key("info_hash"u8).String(infoHash.ToArray()));

    public static byte[] Announce(NodeId id, NodeId infoHash, int? port, ReadOnlyMemory<byte> token, bool impliedPort = false)
        => Query(id, "announce_peer", "ap"u8, arguments =>
        {
            if (impliedPort)
                arguments.Key("implied_port"u8).Integer(1);
            arguments.Key("info_hash"u8).String(infoHash.ToArray());
            if (port is { } number)
                arguments.Key("port"u8).Integer(number);
            arguments.Key("token"u8).String(token.Span);
        });
}
