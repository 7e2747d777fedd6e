using CcBt.Core.Addressing;
using CcBt.Core.BEncoding;

namespace CcBt.Core.Dht;

/// <summary>Answers the queries of other nodes (BEP 5), within what a source may cost.</summary>
internal sealed class QueryServer(bool isV6, DhtNodeOptions options, RoutingTable table, Random random, Outbox outbox, KrpcWriter writer)
{
    private readonly TokenIssuer _tokens = new(random);
    private readonly SourceGuard _guard = new();
    private readonly ByteBudget _globalBudget = new(options.AnswerBytesPerSecond);
    private readonly ByteBudget _localBudget = new(options.LocalAnswerBytesPerSecond);

    public PeerStore Store { get; } = new(isV6, options);

    /// <summary>The node of the other family, whose contacts a query can want (BEP 32).</summary>
    public RoutingTable? SiblingTable { get; set; }

    /// <summary>Answers one query. False when the source is blocked or the query names no valid id: such a sender is no node to remember.</summary>
    public bool Answer(KrpcReader query, int queryLength, PeerAddress from, TimeSpan now)
    {
        if (options.IsReadOnly || !_guard.Admit(from, now))
            return false;
        bool isValid = query.TryGetId("id"u8, out _);
        if (!isValid)
            writer.Error(from, query.Transaction, KrpcErrorCode.Protocol, "The id is missing or not of 20 bytes.");
        else
            Respond(query, queryLength, from, now);
        ByteBudget budget = from.Classify() == AddressClass.Global ? _globalBudget : _localBudget;
        int length = writer.Written.Length;
        if (length <= queryLength * Limits.DhtAnswerRatio && budget.TrySpend(length, now))
            outbox.Send(from, writer.Written);
        return isValid;
    }

    private void Respond(KrpcReader query, int queryLength, PeerAddress from, TimeSpan now)
    {
        ReadOnlySpan<byte> method = query.Method;
        if (method.SequenceEqual("ping"u8))
            Acknowledge(query, from);
        else if (method.SequenceEqual("find_node"u8))
            FindNode(query, from, now);
        else if (method.SequenceEqual("get_peers"u8))
            GetPeers(query, queryLength, from, now);
        else if (method.SequenceEqual("announce_peer"u8))
            AnnouncePeer(query, from, now);
        else
            writer.Error(from, query.Transaction, KrpcErrorCode.MethodUnknown, "The method is unknown.");
    }

    private void Acknowledge(KrpcReader query, PeerAddress from)
    {
        writer.BeginResponse(from, table.OwnId);
        writer.EndResponse(query.Transaction);
    }

    private void FindNode(KrpcReader query, PeerAddress from, TimeSpan now)
    {
        if (!query.TryGetId("target"u8, out NodeId target))
        {
            writer.Error(from, query.Transaction, KrpcErrorCode.Protocol, "The target is missing or not of 20 bytes.");
            return;
        }
        WriteNodes(writer.BeginResponse(from, table.OwnId), query, from, target, now);
        writer.EndResponse(query.Transaction);
    }

    private void GetPeers(KrpcReader query, int queryLength, PeerAddress from, TimeSpan now)
    {
        if (!query.TryGetId("info_hash"u8, out NodeId infoHash))
        {
            writer.Error(from, query.Transaction, KrpcErrorCode.Protocol, "The info_hash is missing or not of 20 bytes.");
            return;
        }
        BWriter body = writer.BeginResponse(from, table.OwnId);
        WriteNodes(body, query, from, infoHash, now);
        Span<byte> token = stackalloc byte[TokenIssuer.TokenLength];
        _tokens.Write(from, infoHash, now, token);
        body.Key("token"u8).String(token);
        if (Store.Find(infoHash, now) is { } swarm)
        {
            // What follows the values: the ends of lists and dictionaries, t, v and y.
            int closing = 40 + query.Transaction.Length;
            int room = Math.Min(Limits.DhtAnswerBytes, queryLength * Limits.DhtAnswerRatio) - body.Length - closing;
            WriteValues(body, swarm, from, room);
        }
        writer.EndResponse(query.Transaction);
    }

    private void AnnouncePeer(KrpcReader query, PeerAddress from, TimeSpan now)
    {
        BValue body = query.Body;
        bool impliedPort = body["implied_port"u8].AsInteger() is { } implied && implied != 0;
        long port = impliedPort ? from.Port : body["port"u8].AsInteger() ?? 0;
        if (!query.TryGetId("info_hash"u8, out NodeId infoHash))
            writer.Error(from, query.Transaction, KrpcErrorCode.Protocol, "The info_hash is missing or not of 20 bytes.");
        else if (port is < 1 or > ushort.MaxValue)
            writer.Error(from, query.Transaction, KrpcErrorCode.Protocol, "The port is missing or not from 1 to 65535.");
        else if (!_tokens.IsValid(body["token"u8].Bytes, from, infoHash, now))
            writer.Error(from, query.Transaction, KrpcErrorCode.Protocol, "The token is not valid; ask get_peers for a new one.");
        else
        {
            Store.Add(infoHash, from.WithPort((ushort)port), now);
            Acknowledge(query, from);
        }
    }

    private void WriteNodes(BWriter body, KrpcReader query, PeerAddress from, NodeId target, TimeSpan now)
    {
        bool wantsV4 = false, wantsV6 = false;
        foreach (BEntry entry in query.Body["want"u8].Children)
        {
            wantsV4 |= entry.Value.Bytes.SequenceEqual("n4"u8);
            wantsV6 |= entry.Value.Bytes.SequenceEqual("n6"u8);
        }
        if (!wantsV4 && !wantsV6)
            (wantsV4, wantsV6) = (!isV6, isV6);
        AddressClass asker = from.Classify();
        if (wantsV4 && (isV6 ? SiblingTable : table) is { } v4)
            WriteNodes(body.Key("nodes"u8), v4, target, asker, now);
        if (wantsV6 && (isV6 ? table : SiblingTable) is { } v6)
            WriteNodes(body.Key("nodes6"u8), v6, target, asker, now);
    }

    private static void WriteNodes(BWriter body, RoutingTable from, NodeId target, AddressClass asker, TimeSpan now)
    {
        Span<NodeContact> closest = stackalloc NodeContact[Limits.DhtBucketNodes];
        int count = from.Closest(target, closest, NodeChoice.Good, now);
        Span<byte> nodes = stackalloc byte[Limits.DhtBucketNodes * CompactNodes.V6Length];
        int length = 0;
        foreach (NodeContact node in closest[..count])
        {
            // Strangers are told nothing of our own network, and could not use it.
            if (asker != AddressClass.Global || node.Address.Classify() == AddressClass.Global)
                length += CompactNodes.Write(node, nodes[length..]);
        }
        body.String(nodes[..length]);
    }

    private void WriteValues(BWriter body, StoredSwarm swarm, PeerAddress asker, int room)
    {
        bool isGlobal = asker.Classify() == AddressClass.Global;
        int most = Math.Min(Limits.DhtAnswerPeers, room / (swarm.Compact(0).Length + 3));
        body.Key("values"u8).BeginList();
        // A run from a random place: each asker gets other peers of a large swarm.
        int start = random.Next(swarm.Count), written = 0;
        for (int i = 0; i < swarm.Count && written < most; i++)
        {
            ReadOnlySpan<byte> compact = swarm.Compact((start + i) % swarm.Count);
            if (isGlobal && CompactAddresses.TryRead(compact, out PeerAddress peer) && peer.Classify() != AddressClass.Global)
                continue;
            body.String(compact);
            written++;
        }
        body.End();
    }
}
