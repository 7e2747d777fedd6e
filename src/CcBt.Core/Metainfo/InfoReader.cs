using System.Numerics;
using System.Security.Cryptography;
using CcBt.Core.BEncoding;

namespace CcBt.Core.Metainfo;

/// <summary>Reads an info dictionary of version 1 (BEP 3), version 2 (BEP 52) or both at once, which must then agree.</summary>
internal static class InfoReader
{
    public static TorrentInfo Read(BValue info)
    {
        if (info.Kind != BKind.Dictionary)
            throw FormatError.At("info", info, "It is not a dictionary.");
        bool hasV2 = ReadVersion(info) == 2;
        BValue pieces = info["pieces"u8];
        bool hasV1 = !hasV2 || pieces.Exists;
        // Others take such a torrent for a hybrid, and would be in another swarm.
        if (!hasV1 && (info["files"u8].Exists || info["length"u8].Exists))
            throw FormatError.Missing("info.pieces", info);
        if (hasV2)
            RequireSortedKeys(info);
        int pieceLength = ReadPieceLength(info, hasV2);
        var builder = new FileListBuilder(pieceLength, isAligned: !hasV1);
        BValue rawName = ReadName(info);
        List<FileRecord> records = [];
        if (hasV1)
            records = new FileListReader(builder).Read(info, rawName);
        ReadOnlyMemory<byte>[] roots = [];
        if (hasV2)
            roots = hasV1 ? HybridReader.Read(info, rawName, builder, records, pieceLength) : FileTreeReader.Read(info, rawName, builder);
        FileLayout layout = builder.Build();
        if (layout.PayloadLength == 0)
            throw FormatError.At("info", info, "Its files have no content.");
        if (hasV1)
            CheckPieces(info, pieces, layout);
        return Assemble(info, hasV1, hasV2, rawName, builder.Files, layout, roots);
    }

    /// <summary>The version is looked at before anything else, as BEP 52 demands.</summary>
    private static int ReadVersion(BValue info)
    {
        BValue version = info["meta version"u8];
        if (!version.Exists)
            return 1;
        return version.AsInteger() switch
        {
            1 => 1,
            2 => 2,
            > 2 => throw new TorrentFormatException(
                TorrentErrorCode.UnsupportedTorrent,
                $"The torrent is of version {version.AsInteger()}; versions 1 and 2 can be read.",
                "info.meta version",
                version.Offset),
            _ => throw FormatError.At("info.meta version", version, "It is not a version number."),
        };
    }

    /// <summary>Two parsers that read unsorted keys differently would see two torrents behind one hash.</summary>
    private static void RequireSortedKeys(BValue info)
    {
        if (!new BDocument().TryParse(info.RawMemory, BLimits.Info with { StrictKeys = true }, out BError error))
            throw FormatError.Bencode("info", error with { Offset = error.Offset + info.Offset });
    }

    private static int ReadPieceLength(BValue info, bool hasV2)
    {
        const string field = "info.piece length";
        BValue value = info["piece length"u8];
        if (!value.Exists)
            throw FormatError.Missing(field, info);
        int least = hasV2 ? Limits.MinPieceLengthV2 : Limits.MinPieceLength;
        if (!value.TryGetInteger(out long length) || length < least || length > Limits.MaxPieceLength)
            throw FormatError.At(field, value, $"It must be a number from {least} to {Limits.MaxPieceLength} bytes.");
        if (hasV2 && !BitOperations.IsPow2(length))
            throw FormatError.At(field, value, "In version 2 it must be a power of two.");
        return (int)length;
    }

    private static BValue ReadName(BValue info)
    {
        BValue name = info["name.utf-8"u8];
        if (name.Kind != BKind.String || name.Bytes.IsEmpty)
            name = info["name"u8];
        if (!name.Exists)
            throw FormatError.Missing("info.name", info);
        return name.Kind == BKind.String ? name : throw FormatError.At("info.name", name, "It is not a string.");
    }

    private static void CheckPieces(BValue info, BValue pieces, FileLayout layout)
    {
        const string field = "info.pieces";
        if (!pieces.Exists)
            throw FormatError.Missing(field, info);
        if (pieces.Kind != BKind.String || pieces.Bytes.Length % InfoHash.Length != 0)
            throw FormatError.At(field, pieces, "It must be a string of 20 bytes for each piece.");
        int count = pieces.Bytes.Length / InfoHash.Length;
        if (count != layout.PieceCount)
            throw FormatError.At(field, pieces, $"It has {count} hashes, but the files make {layout.PieceCount} pieces.");
    }

    private static TorrentInfo Assemble(
        BValue info, bool hasV1, bool hasV2, BValue rawName, List<TorrentFile> files, FileLayout layout, ReadOnlyMemory<byte>[] roots)
    {
        InfoHash? v1 = hasV1 ? new InfoHash(SHA1.HashData(info.Raw)) : null;
        InfoHashV2? v2 = hasV2 ? new InfoHashV2(SHA256.HashData(info.Raw)) : null;
        return new TorrentInfo
        {
            Raw = info.RawMemory,
            HashV1 = v1,
            HashV2 = v2,
            Name = PathSanitizer.Element(rawName.Bytes),
            IsPrivate = info["private"u8].AsInteger() is not (null or 0),
            Files = files.AsReadOnly(),
            Layout = layout,
            PieceHashes = hasV1 ? info["pieces"u8].BytesMemory : default,
            PieceRoots = roots,
        };
    }

}
