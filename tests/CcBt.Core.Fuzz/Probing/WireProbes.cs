using System.Text.Json;
using CcBt.Core.Wire;

namespace CcBt.Core.Fuzz.Probing;

/// <summary>Questions of peer connections.</summary>
internal static class WireProbes
{
    public static Action<Utf8JsonWriter> FastSet(ProbeQuestion question)
    {
        var pieces = new int[question.Number("count", 0, 1000, AllowedFastSet.UsualCount)];
        int pieceCount = question.Number("pieceCount", 0, Limits.PieceCount);
        int count = AllowedFastSet.Compute(question.Address("address"), question.InfoHash(), pieceCount, pieces);
        return JsonFields.Object(json =>
        {
            json.WriteStartArray("pieces");
            foreach (int piece in pieces[..count])
                json.WriteNumberValue(piece);
            json.WriteEndArray();
        });
    }

    public static Action<Utf8JsonWriter> Handshake(ProbeQuestion question)
    {
        if (!Core.Wire.Handshake.TryRead(question.Input, out Handshake handshake))
            throw new ProbeException("It is no handshake of BitTorrent.");
        return JsonFields.Object(json =>
        {
            json.WriteString("infoHash", handshake.InfoHash.ToString());
            json.Hex("peerId", handshake.PeerId.ToArray());
            json.WriteBoolean("extended", handshake.Features.HasFlag(HandshakeFeatures.Extended));
            json.WriteBoolean("dht", handshake.Features.HasFlag(HandshakeFeatures.Dht));
            json.WriteBoolean("fast", handshake.Features.HasFlag(HandshakeFeatures.Fast));
            json.WriteBoolean("v2", handshake.Features.HasFlag(HandshakeFeatures.V2));
        });
    }

    public static Action<Utf8JsonWriter> Metadata(ProbeQuestion question)
    {
        if (!MetadataMessage.TryRead(question.Input, out MetadataMessage message))
            throw new ProbeException("It is no message of ut_metadata.");
        return JsonFields.Object(json =>
        {
            json.WriteString("type", message.Kind.ToString().ToLowerInvariant());
            json.WriteNumber("piece", message.Piece);
            json.Number("totalSize", message.Kind == MetadataMessageKind.Data ? message.TotalSize : null);
            json.Hex("data", message.Data.Span);
        });
    }

    public static Action<Utf8JsonWriter> Pex(ProbeQuestion question)
    {
        if (!PexMessage.TryRead(question.Input, out PexMessage message))
            throw new ProbeException("It is no message of ut_pex.");
        return JsonFields.Object(json =>
        {
            json.WriteStartArray("added");
            foreach (PexPeer peer in message.Added)
            {
                json.WriteStartObject();
                json.WriteString("address", peer.Address.ToString());
                json.WriteNumber("flags", (byte)peer.Flags);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.Addresses("dropped", message.Dropped);
        });
    }
}
