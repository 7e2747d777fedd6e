using CcBt.Core.Addressing;
using CcBt.Core.BEncoding;

namespace CcBt.Core.Dht;

/// <summary>One received KRPC message (BEP 5). The same reader reads one packet after another; values of the former are then void.</summary>
internal sealed class KrpcReader
{
    private readonly BDocument _document = new();

    public KrpcKind Kind { get; private set; }

    /// <summary>The id by which a response finds its query; echoed as it came.</summary>
    public ReadOnlySpan<byte> Transaction => _document.Root["t"u8].Bytes;

    public ReadOnlySpan<byte> Method => _document.Root["q"u8].Bytes;

    /// <summary>A query's arguments or a response's values.</summary>
    public BValue Body { get; private set; }

    /// <summary>Whether the sender asks not to be entered into tables (BEP 43).</summary>
    public bool IsReadOnly => _document.Root["ro"u8].AsInteger() is 1;

    /// <summary>Where the sender sees us (BEP 42); 6 or 18 bytes, or none.</summary>
    public ReadOnlySpan<byte> OwnAddress => _document.Root["ip"u8].Bytes;

    /// <summary>False for what is no KRPC message with a transaction id of bearable length.</summary>
    public bool TryRead(ReadOnlyMemory<byte> packet)
    {
        Kind = KrpcKind.None;
        Body = default;
        // A dictionary begins with 'd'; anything else on the port belongs to another protocol.
        if (packet.IsEmpty || packet.Span[0] != (byte)'d' || !_document.TryParse(packet, BLimits.Dht, out _))
            return false;
        BValue root = _document.Root;
        if (!root["t"u8].TryGetBytes(out ReadOnlySpan<byte> transaction) || transaction.Length is 0 or > Limits.DhtTransactionBytes)
            return false;
        ReadOnlySpan<byte> kind = root["y"u8].Bytes;
        if (kind.Length != 1)
            return false;
        Kind = kind[0] switch
        {
            (byte)'q' => KrpcKind.Query,
            (byte)'r' => KrpcKind.Response,
            (byte)'e' => KrpcKind.Error,
            _ => KrpcKind.None,
        };
        Body = Kind switch
        {
            KrpcKind.Query => root["a"u8],
            KrpcKind.Response => root["r"u8],
            _ => default,
        };
        return Kind != KrpcKind.None;
    }

    /// <summary>Reads a 20-byte id of the body: <c>id</c>, <c>target</c> or <c>info_hash</c>.</summary>
    public bool TryGetId(ReadOnlySpan<byte> key, out NodeId id)
    {
        ReadOnlySpan<byte> bytes = Body[key].Bytes;
        id = bytes.Length == NodeId.Length ? new NodeId(bytes) : default;
        return bytes.Length == NodeId.Length;
    }
}
