using System.Buffers.Binary;
using CcBt.Core.Addressing;
using CcBt.Core.BEncoding;

namespace CcBt.Core.Dht;

/// <summary>Writes KRPC messages (BEP 5, 32, 42, 43). One buffer is used again and again; what it holds is copied before the next message.</summary>
internal sealed class KrpcWriter
{
    private readonly BWriter _writer = new(Limits.DhtAnswerBytes);

    /// <summary>The two letters of the client and its version (BEP 20).</summary>
    private static ReadOnlySpan<byte> Version => "CB\0\u0001"u8;

    public ReadOnlySpan<byte> Written => _writer.Written;

    public void Query(PendingQuery query, NodeId ownId, bool isReadOnly, bool wantBothFamilies)
    {
        _writer.Clear();
        _writer.BeginDictionary().Key("a"u8).BeginDictionary();
        Id("id"u8, ownId);
        Arguments(query);
        if (wantBothFamilies && query.Kind is (QueryKind.FindNode or QueryKind.GetPeers))
            _writer.Key("want"u8).BeginList().String("n4"u8).String("n6"u8).End();
        _writer.End().Key("q"u8).String(Method(query.Kind));
        if (isReadOnly)
            _writer.Key("ro"u8).Integer(1);
        Span<byte> transaction = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(transaction, query.Transaction);
        _writer.Key("t"u8).String(transaction).Key("v"u8).String(Version).Key("y"u8).String("q"u8).End();
    }

    /// <summary>Begins a response up to the values behind <c>id</c>; <see cref="EndResponse"/> completes it.</summary>
    public BWriter BeginResponse(PeerAddress to, NodeId ownId)
    {
        _writer.Clear();
        _writer.BeginDictionary();
        ExternalAddress(to);
        _writer.Key("r"u8).BeginDictionary();
        Id("id"u8, ownId);
        return _writer;
    }

    public void EndResponse(ReadOnlySpan<byte> transaction)
        => _writer.End().Key("t"u8).String(transaction).Key("v"u8).String(Version).Key("y"u8).String("r"u8).End();

    public void Error(PeerAddress to, ReadOnlySpan<byte> transaction, KrpcErrorCode code, string message)
    {
        _writer.Clear();
        _writer.BeginDictionary().Key("e"u8).BeginList().Integer((int)code).Text(message).End();
        ExternalAddress(to);
        _writer.Key("t"u8).String(transaction).Key("v"u8).String(Version).Key("y"u8).String("e"u8).End();
    }

    private void Arguments(PendingQuery query)
    {
        switch (query.Kind)
        {
            case QueryKind.FindNode:
                Id("target"u8, query.Target);
                break;
            case QueryKind.GetPeers:
                Id("info_hash"u8, query.Target);
                break;
            case QueryKind.AnnouncePeer:
                _writer.Key("implied_port"u8).Integer(query.ImpliedPort ? 1 : 0);
                Id("info_hash"u8, query.Target);
                _writer.Key("port"u8).Integer(query.Port).Key("token"u8).String(query.Token);
                break;
        }
    }

    private static ReadOnlySpan<byte> Method(QueryKind kind) => kind switch
    {
        QueryKind.FindNode => "find_node"u8,
        QueryKind.GetPeers => "get_peers"u8,
        QueryKind.AnnouncePeer => "announce_peer"u8,
        _ => "ping"u8,
    };

    private void Id(ReadOnlySpan<byte> key, NodeId id)
    {
        Span<byte> bytes = stackalloc byte[NodeId.Length];
        id.CopyTo(bytes);
        _writer.Key(key).String(bytes);
    }

    private void ExternalAddress(PeerAddress to)
    {
        Span<byte> compact = stackalloc byte[CompactAddresses.V6Length];
        _writer.Key("ip"u8).String(compact[..CompactAddresses.Write(to, compact)]);
    }
}
