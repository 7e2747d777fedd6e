using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CcBt.Cli;
using CcBt.Core.BEncoding;
using CcBt.Core.Metainfo;

namespace CcBt.Core.Fuzz.Probing;

/// <summary>Questions of bencode, torrents, magnet links, paths and merkle trees.</summary>
internal static class MetainfoProbes
{
    public static Action<Utf8JsonWriter> Bencode(ProbeQuestion question)
    {
        BLimits limits = question.Text("limits", "file") switch
        {
            "file" => BLimits.File,
            "wire" => BLimits.Wire,
            "dht" => BLimits.Dht,
            "tracker" => BLimits.Tracker,
            _ => throw new ProbeException("'limits' must be file, wire, dht or tracker."),
        };
        var document = new BDocument();
        if (!document.TryParse(question.Input, limits with { StrictKeys = question.Flag("strict") }, out BError error))
            throw new ProbeException(error.ToString());
        return JsonFields.Object(json =>
        {
            json.WriteNumber("length", document.Length);
            json.WritePropertyName("tree");
            WriteTree(json, document.Root);
        });
    }

    public static Action<Utf8JsonWriter> Torrent(ProbeQuestion question)
    {
        Torrent torrent = Core.Torrent.Parse(question.Input);
        return json => TorrentJson.Write(json, torrent, null);
    }

    public static Action<Utf8JsonWriter> Magnet(ProbeQuestion question)
    {
        MagnetLink link = MagnetLink.Parse(Encoding.UTF8.GetString(question.Input));
        return json => TorrentJson.Write(json, null, link);
    }

    public static Action<Utf8JsonWriter> Path(ProbeQuestion question)
    {
        if (!question.Has("paths"))
        {
            string element = PathSanitizer.Element(question.Input);
            return JsonFields.Object(json => json.WriteString("element", element));
        }
        var allocator = new PathAllocator();
        List<string> paths = [.. question.Paths("paths").Select(path => Allocate(allocator, path))];
        return JsonFields.Object(json => json.Texts("paths", paths));
    }

    /// <summary>The leaves are the hashes of blocks of 16 KiB; a layer has a hash for each piece (BEP 52).</summary>
    public static Action<Utf8JsonWriter> Merkle(ProbeQuestion question)
    {
        byte[] content = question.Input;
        if (content.Length == 0)
            throw new ProbeException("A file without content has no merkle tree.");
        byte[] leaves = [.. content.Chunk(MerkleTree.BlockLength).SelectMany(block => SHA256.HashData(block))];
        int pieceLength = question.Number("pieceLength", Limits.MinPieceLengthV2, Limits.MaxPieceLength, Limits.MinPieceLengthV2);
        if (!int.IsPow2(pieceLength))
            throw new ProbeException("'pieceLength' must be a power of two.");
        byte[] root = MerkleTree.Root(leaves, 0);
        int perPiece = pieceLength / MerkleTree.BlockLength * MerkleTree.HashLength, height = MerkleTree.Height(pieceLength);
        List<byte[]> layer = content.Length <= pieceLength ? [] : [.. leaves.Chunk(perPiece).Select(part => PieceHash(part, height))];
        return JsonFields.Object(json =>
        {
            json.Hex("root", root);
            json.Texts("layer", layer.Select(Convert.ToHexStringLower));
        });
    }

    private static byte[] PieceHash(byte[] leaves, int height)
    {
        int blocks = leaves.Length / MerkleTree.HashLength;
        return MerkleTree.Raise(MerkleTree.Root(leaves, 0), MerkleTree.Height(blocks * MerkleTree.BlockLength), height);
    }

    private static string Allocate(PathAllocator allocator, List<string> path)
    {
        PathNode directory = allocator.Root;
        string? error;
        foreach (string element in path[..^1])
            directory = allocator.Enter(directory, Encoding.UTF8.GetBytes(element), out error) ?? throw new ProbeException(error!);
        return allocator.Add(directory, Encoding.UTF8.GetBytes(path[^1]), out error) ?? throw new ProbeException(error!);
    }

    private static void WriteTree(Utf8JsonWriter json, BValue value)
    {
        if (value.TryGetInteger(out long number))
        {
            json.WriteNumberValue(number);
            return;
        }
        if (value.TryGetBytes(out ReadOnlySpan<byte> bytes))
        {
            json.WriteStringValue(Convert.ToHexStringLower(bytes));
            return;
        }
        bool isDictionary = value.Kind == BKind.Dictionary;
        json.WriteStartArray();
        if (isDictionary)
            json.WriteStringValue("dictionary");
        else
            json.WriteStringValue("list");
        foreach (BEntry entry in value.Children)
        {
            if (isDictionary)
                json.WriteStringValue(Convert.ToHexStringLower(entry.Key));
            WriteTree(json, entry.Value);
        }
        json.WriteEndArray();
    }
}
