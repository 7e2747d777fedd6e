using CcBt.Core.BEncoding;

namespace CcBt.Core.Metainfo;

/// <summary>Reads .torrent files, and info dictionaries that peers sent (BEP 9). Every error names the field and the byte.</summary>
internal static class TorrentReader
{
    public static TorrentContent Read(ReadOnlyMemory<byte> data, int maxBytes = Limits.TorrentFileBytes)
    {
        // The torrent keeps slices of these bytes, and the caller's may change.
        BValue root = Parse(data, "torrent", BLimits.File with { MaxLength = maxBytes }, out ReadOnlyMemory<byte> owned);
        if (root.Kind != BKind.Dictionary)
            throw FormatError.At("torrent", root, "It is not a dictionary.");
        BValue infoValue = root["info"u8];
        if (!infoValue.Exists)
            throw FormatError.Missing("info", root);
        TorrentInfo info = InfoReader.Read(infoValue);
        PieceLayers? layers = info.HashV2 is null ? null : PieceLayersReader.Read(root, info);
        return new TorrentContent(info, DetailsReader.Read(root), layers, owned);
    }

    public static TorrentContent ReadInfo(ReadOnlyMemory<byte> info, TorrentDetails details)
    {
        TorrentInfo read = InfoReader.Read(Parse(info, "info", BLimits.Info, out _));
        return new TorrentContent(read, details, read.HashV2 is null ? null : PieceLayersReader.ReadNone(read), default);
    }

    private static BValue Parse(ReadOnlyMemory<byte> data, string field, in BLimits limits, out ReadOnlyMemory<byte> owned)
    {
        owned = default;
        if (data.Length > limits.MaxLength)
            throw FormatError.Bencode(field, new BError(BErrorCode.InputTooLong, limits.MaxLength));
        owned = data.ToArray();
        var document = new BDocument();
        return document.TryParse(owned, limits, out BError error) ? document.Root : throw FormatError.Bencode(field, error);
    }
}
