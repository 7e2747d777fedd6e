using System.Text;
using CcBt.Core.Addressing;
using CcBt.Core.BEncoding;

namespace CcBt.Core.Wire;

/// <summary>
/// The first extended message (BEP 10), also with the keys of BEP 9 (metadata_size) and BEP 21 (upload_only). Null means that the
/// message does not say. An extension id of 0 switches an extension off; a later handshake holds only changes.
/// </summary>
internal sealed record ExtensionHandshake
{
    /// <summary>The id under which the sender takes ut_metadata messages.</summary>
    public byte? MetadataId { get; init; }

    /// <summary>The id under which the sender takes ut_pex messages.</summary>
    public byte? PexId { get; init; }

    /// <summary>The port on which the sender listens.</summary>
    public ushort? Port { get; init; }

    /// <summary>The sender's name and version; control characters are replaced.</summary>
    public string? Client { get; init; }

    /// <summary>How the sender sees the receiver; without a port.</summary>
    public PeerAddress? YourAddress { get; init; }

    /// <summary>An IPv4 address of the sender; without a port.</summary>
    public PeerAddress? V4 { get; init; }

    /// <summary>An IPv6 address of the sender; without a port.</summary>
    public PeerAddress? V6 { get; init; }

    /// <summary>How many requests the sender queues without dropping any.</summary>
    public int? RequestQueue { get; init; }

    /// <summary>The claimed length of the info dictionary in bytes; 1 to <see cref="Limits.MetadataBytes"/>.</summary>
    public int? MetadataSize { get; init; }

    /// <summary>Whether the sender wants nothing any more.</summary>
    public bool? IsUploadOnly { get; init; }

    /// <summary>Reads a handshake. False when it is no dictionary; entries that make no sense are left out.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> payload, out ExtensionHandshake handshake)
    {
        handshake = null!;
        var document = new BDocument();
        if (!document.TryParse(payload, BLimits.Wire, out _) || document.Root.Kind != BKind.Dictionary)
            return false;
        BValue root = document.Root;
        BValue ids = root["m"u8];
        handshake = new ExtensionHandshake
        {
            MetadataId = (byte?)Number(ids["ut_metadata"u8], 0, byte.MaxValue),
            PexId = (byte?)Number(ids["ut_pex"u8], 0, byte.MaxValue),
            Port = (ushort?)Number(root["p"u8], 1, ushort.MaxValue),
            Client = Name(root["v"u8]),
            YourAddress = Address(root["yourip"u8], 0),
            V4 = Address(root["ipv4"u8], 4),
            V6 = Address(root["ipv6"u8], 16),
            RequestQueue = (int?)Number(root["reqq"u8], 1, int.MaxValue),
            MetadataSize = (int?)Number(root["metadata_size"u8], 1, Limits.MetadataBytes),
            IsUploadOnly = root["upload_only"u8].AsInteger() is { } flag ? flag != 0 : null,
        };
        return true;
    }

    /// <summary>Writes the dictionary.</summary>
    public byte[] Write()
    {
        BWriter writer = new BWriter().BeginDictionary();
        WriteAddress(writer, "ipv4"u8, V4);
        WriteAddress(writer, "ipv6"u8, V6);
        writer.Key("m"u8).BeginDictionary();
        WriteNumber(writer, "ut_metadata"u8, MetadataId);
        WriteNumber(writer, "ut_pex"u8, PexId);
        writer.End();
        WriteNumber(writer, "metadata_size"u8, MetadataSize);
        WriteNumber(writer, "p"u8, Port);
        WriteNumber(writer, "reqq"u8, RequestQueue);
        WriteNumber(writer, "upload_only"u8, IsUploadOnly is { } only ? only ? 1 : 0 : null);
        if (Client is not null)
            writer.Key("v"u8).Text(Client);
        WriteAddress(writer, "yourip"u8, YourAddress);
        return writer.End().ToArray();
    }

    private static long? Number(BValue value, long least, long most)
        => value.TryGetInteger(out long number) && number >= least && number <= most ? number : null;

    private static PeerAddress? Address(BValue value, int length)
    {
        ReadOnlySpan<byte> bytes = value.Bytes;
        bool fits = length == 0 ? bytes.Length is 4 or 16 : bytes.Length == length;
        PeerAddress? address = fits ? PeerAddress.FromBytes(bytes, 0) : null;
        // An IPv4 address in IPv6 clothes is no IPv6 address of the sender.
        return length == 0 || address?.AddressLength == length ? address : null;
    }

    private static string? Name(BValue value)
    {
        if (value.Kind != BKind.String)
            return null;
        ReadOnlySpan<byte> bytes = value.Bytes;
        string text = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, Limits.ClientNameBytes)]);
        // The name ends in logs and on screens.
        return string.Create(text.Length, text, static (name, source) =>
        {
            for (int i = 0; i < name.Length; i++)
                name[i] = char.IsControl(source[i]) ? '\uFFFD' : source[i];
        });
    }

    private static void WriteNumber(BWriter writer, ReadOnlySpan<byte> key, long? value)
    {
        if (value is { } number)
            writer.Key(key).Integer(number);
    }

    private static void WriteAddress(BWriter writer, ReadOnlySpan<byte> key, PeerAddress? value)
    {
        if (value is not { } address)
            return;
        Span<byte> bytes = stackalloc byte[16];
        writer.Key(key).String(bytes[..address.WriteAddress(bytes)]);
    }
}
