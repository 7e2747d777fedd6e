using System.Text;
using System.Text.Json;
using CcBt.Core.Addressing;
using CcBt.Core.BEncoding;
using CcBt.Core.Dht;

namespace CcBt.Core.Fuzz.Probing;

/// <summary>Questions of the DHT and of compact addresses.</summary>
internal static class DhtProbes
{
    public static Action<Utf8JsonWriter> CompactPeers(ProbeQuestion question)
    {
        int length = question.Number("family", 4, 6, 4) switch
        {
            4 => CompactAddresses.V4Length,
            6 => CompactAddresses.V6Length,
            _ => throw new ProbeException("'family' must be 4 or 6."),
        };
        var peers = new List<PeerAddress>();
        byte[] input = question.Input;
        if (input.Length % length != 0)
            throw new ProbeException($"{input.Length} bytes are no whole number of entries of {length} bytes.");
        CompactAddresses.ReadAll(input, length, peers, int.MaxValue);
        return JsonFields.Object(json => json.Addresses("peers", peers));
    }

    /// <summary>With <c>nodeId</c>: whether it fits the address (BEP 42). Without: an id made from the byte <c>random</c>.</summary>
    public static Action<Utf8JsonWriter> Id(ProbeQuestion question)
    {
        PeerAddress address = question.Address("address");
        NodeId id = question.Has("nodeId") ? ReadId(question.Hex("nodeId")) : NodeIdentity.Create(address, new FixedRandom([(byte)question.Number("random", 0, 255)]));
        return JsonFields.Object(json =>
        {
            json.WriteString("nodeId", id.ToString());
            json.WriteBoolean("matches", NodeIdentity.Matches(id, address));
            json.WriteBoolean("compliant", NodeIdentity.IsCompliant(id, address));
        });
    }

    /// <summary>A token for <c>address</c>, and whether <c>from</c> may use it after <c>afterSeconds</c>.</summary>
    public static Action<Utf8JsonWriter> Token(ProbeQuestion question)
    {
        PeerAddress address = question.Address("address"), from = question.Has("from") ? question.Address("from") : address;
        var infoHash = NodeId.From(question.InfoHash());
        byte[] secret = question.Has("secret") ? question.Hex("secret") : new byte[20];
        if (secret.Length != 20)
            throw new ProbeException("'secret' must have 20 bytes.");
        var issuer = new TokenIssuer(new FixedRandom(secret));
        var issued = new byte[TokenIssuer.TokenLength];
        issuer.Write(address, infoHash, TimeSpan.Zero, issued);
        byte[] token = question.Has("token") ? question.Hex("token") : issued;
        bool isValid = issuer.IsValid(token, from, infoHash, TimeSpan.FromSeconds(question.Number("afterSeconds", 0, 86_400, 0)));
        return JsonFields.Object(json =>
        {
            json.Hex("token", issued);
            json.WriteBoolean("valid", isValid);
        });
    }

    public static Action<Utf8JsonWriter> Krpc(ProbeQuestion question)
    {
        byte[] input = question.Input;
        var packet = new KrpcReader();
        if (!packet.TryRead(input))
            throw new ProbeException("It is no DHT packet.");
        return JsonFields.Object(json =>
        {
            json.WriteString("type", packet.Kind.ToString().ToLowerInvariant());
            json.Hex("transaction", packet.Transaction);
            json.WriteString("method", packet.Kind == KrpcKind.Query ? Encoding.UTF8.GetString(packet.Method) : null);
            json.WriteBoolean("readOnly", packet.IsReadOnly);
            json.WriteString("externalAddress", CompactAddresses.TryRead(packet.OwnAddress, out PeerAddress own) ? own.ToString() : null);
            foreach ((string name, string key) in new[] { ("id", "id"), ("target", "target"), ("infoHash", "info_hash") })
                json.WriteString(name, packet.TryGetId(Encoding.ASCII.GetBytes(key), out NodeId id) ? id.ToString() : null);
            WriteBody(json, packet.Body);
        });
    }

    private static void WriteBody(Utf8JsonWriter json, BValue body)
    {
        json.Number("port", body["port"u8].AsInteger());
        json.Number("impliedPort", body["implied_port"u8].AsInteger());
        json.WriteString("token", body["token"u8].TryGetBytes(out ReadOnlySpan<byte> token) ? Convert.ToHexStringLower(token) : null);
        WriteNodes(json, "nodes", body["nodes"u8].Bytes, false);
        WriteNodes(json, "nodes6", body["nodes6"u8].Bytes, true);
        var values = new List<PeerAddress>();
        foreach (BEntry entry in body["values"u8].Children)
        {
            if (CompactAddresses.TryRead(entry.Value.Bytes, out PeerAddress peer))
                values.Add(peer);
        }
        json.Addresses("values", values);
    }

    private static void WriteNodes(Utf8JsonWriter json, string name, ReadOnlySpan<byte> compact, bool isV6)
    {
        var nodes = new List<NodeContact>();
        CompactNodes.Read(compact, isV6, AddressClass.Loopback, nodes, int.MaxValue);
        json.WriteStartArray(name);
        foreach (NodeContact node in nodes)
        {
            json.WriteStartObject();
            json.WriteString("id", node.Id.ToString());
            json.WriteString("address", node.Address.ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static NodeId ReadId(byte[] bytes) => bytes.Length == NodeId.Length ? new NodeId(bytes) : throw new ProbeException("'nodeId' must have 20 bytes.");
}
