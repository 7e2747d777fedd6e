using CcBt.Core.BEncoding;

namespace CcBt.Core.Metainfo;

/// <summary>Reads the piece layers of a .torrent file and recomputes every root from them (BEP 52): a layer that lies is refused.</summary>
internal static class PieceLayersReader
{
    private const string Field = "piece layers";

    /// <summary>
    /// Null when the field is missing from a hybrid torrent, which can then be transferred as version 1: so it is written after its metadata
    /// came from peers.
    /// </summary>
    public static PieceLayers? Read(BValue root, TorrentInfo info)
    {
        BValue layers = root["piece layers"u8];
        if (!layers.Exists)
            return ReadNone(info) ?? (info.HashV1 is null ? throw FormatError.Missing(Field, root) : null);
        if (layers.Kind != BKind.Dictionary)
            throw FormatError.At(Field, layers, "It is not a dictionary.");
        Dictionary<InfoHashV2, BValue> given = Collect(layers);
        var checkedRoots = new HashSet<InfoHashV2>();
        var result = new ReadOnlyMemory<byte>[info.Files.Count];
        for (int file = 0; file < result.Length; file++)
        {
            if (info.Files[file].Length <= info.Layout.PieceLength)
                continue;
            var key = new InfoHashV2(info.PieceRoots[file].Span);
            if (!given.TryGetValue(key, out BValue layer))
                throw FormatError.At(Field, layers, $"The layer of '{info.Files[file].Path}' is missing.");
            CheckLength(layer, info, file);
            if (checkedRoots.Add(key))
                CheckRoot(layer, key, info.Layout.PieceLength);
            result[file] = layer.BytesMemory;
        }
        return checkedRoots.Count == given.Count
            ? new PieceLayers(result)
            : throw FormatError.At(Field, layers, "It has a layer that belongs to no file of more than one piece.");
    }

    /// <summary>The layers of a torrent that needs none, because no file is longer than a piece; null for any other.</summary>
    public static PieceLayers? ReadNone(TorrentInfo info)
        => info.Files.Any(file => file.Length > info.Layout.PieceLength) ? null : new PieceLayers(new ReadOnlyMemory<byte>[info.Files.Count]);

    // The keys are SHA-256 values, for which the library has one type.
    private static Dictionary<InfoHashV2, BValue> Collect(BValue layers)
    {
        var given = new Dictionary<InfoHashV2, BValue>();
        foreach (BEntry entry in layers.Children)
        {
            if (entry.Key.Length != MerkleTree.HashLength)
                throw FormatError.At(Field, entry.KeyOffset, "A key is not a hash of 32 bytes.");
            if (entry.Value.Kind != BKind.String)
                throw FormatError.At(Field, entry.Value, "A layer is not a string.");
            given.Add(new InfoHashV2(entry.Key), entry.Value);
        }
        return given;
    }

    private static void CheckLength(BValue layer, TorrentInfo info, int file)
    {
        int pieces = info.Layout.PiecesOf(file).Count;
        if (layer.Bytes.Length != (long)pieces * MerkleTree.HashLength)
            throw FormatError.At(Field, layer, $"The layer of '{info.Files[file].Path}' must have {pieces} hashes of 32 bytes.");
    }

    private static void CheckRoot(BValue layer, InfoHashV2 root, int pieceLength)
    {
        if (new InfoHashV2(MerkleTree.Root(layer.Bytes, MerkleTree.Height(pieceLength))) != root)
            throw FormatError.At(Field, layer, "The layer does not belong to its root.");
    }
}
