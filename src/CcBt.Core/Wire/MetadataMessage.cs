using CcBt.Core.BEncoding;

namespace CcBt.Core.Wire;

/// <summary>
/// A message of ut_metadata (BEP 9): a dictionary of msg_type and piece; in data also total_size, and the piece's bytes behind the
/// dictionary. <paramref name="TotalSize"/> is 0 and <paramref name="Data"/> is empty in the other kinds.
/// </summary>
internal readonly record struct MetadataMessage(MetadataMessageKind Kind, int Piece, int TotalSize = 0, ReadOnlyMemory<byte> Data = default)
{
    /// <summary>How many pieces metadata of a size has.</summary>
    public static int PieceCount(int totalSize) => (totalSize + Limits.MetadataPieceBytes - 1) / Limits.MetadataPieceBytes;

    /// <summary>How long a piece is: all but the last are 16 KiB.</summary>
    public static int PieceLength(int piece, int totalSize) => Math.Min(Limits.MetadataPieceBytes, totalSize - piece * Limits.MetadataPieceBytes);

    /// <summary>Reads a message. False when it breaks BEP 9 or a bound; the data is part of <paramref name="payload"/>.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> payload, out MetadataMessage message)
    {
        message = default;
        var document = new BDocument();
        if (!document.TryParse(payload, BLimits.Wire, out _))
            return false;
        BValue root = document.Root;
        if (!root["msg_type"u8].TryGetInteger(out long kind))
            return false;
        if (kind is < 0 or > 2)
        {
            message = new MetadataMessage(MetadataMessageKind.Unknown, 0);
            return true;
        }
        if (!root["piece"u8].TryGetInteger(out long piece) || piece < 0 || piece >= PieceCount(Limits.MetadataBytes))
            return false;
        message = new MetadataMessage((MetadataMessageKind)kind, (int)piece);
        return message.Kind != MetadataMessageKind.Data || TryReadData(root, payload[document.Length..], ref message);
    }

    /// <summary>Writes the message with its data.</summary>
    public byte[] Write()
    {
        BWriter writer = new BWriter(64).BeginDictionary()
            .Key("msg_type"u8).Integer((int)Kind)
            .Key("piece"u8).Integer(Piece);
        if (Kind == MetadataMessageKind.Data)
            writer.Key("total_size"u8).Integer(TotalSize);
        writer.End();
        var bytes = new byte[writer.Length + Data.Length];
        writer.Written.CopyTo(bytes);
        Data.Span.CopyTo(bytes.AsSpan(writer.Length));
        return bytes;
    }

    private static bool TryReadData(BValue root, ReadOnlyMemory<byte> data, ref MetadataMessage message)
    {
        if (!root["total_size"u8].TryGetInteger(out long total) || total is < 1 or > Limits.MetadataBytes)
            return false;
        if (message.Piece >= PieceCount((int)total) || data.Length != PieceLength(message.Piece, (int)total))
            return false;
        message = message with { TotalSize = (int)total, Data = data };
        return true;
    }
}
