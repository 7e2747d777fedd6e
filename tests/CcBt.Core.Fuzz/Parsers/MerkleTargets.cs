using System.Security.Cryptography;
using CcBt.Core.Fuzz.Generation;
using CcBt.Core.Metainfo;

namespace CcBt.Core.Fuzz.Parsers;

/// <summary>Merkle trees and the piece layers of version 2 torrents.</summary>
internal static class MerkleTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new ParserTarget<byte[]>("merkle-root", InputForm.Binary, random => random.Bytes(1 + random.Next(12) * 32 + 32), Root, VerifyRoot),
        new ParserTarget<Torrent>("piece-layers", InputForm.Bencode, TorrentMaker.V2, TorrentTargets.TryParse, VerifyLayers),
    ];

    /// <summary>The first byte is the height of the hashes behind it.</summary>
    private static bool Root(byte[] input, out byte[] root)
    {
        root = [];
        if (input.Length < 33)
            return false;
        root = MerkleTree.Root(Leaves(input), input[0] % 16);
        return true;
    }

    private static void VerifyRoot(byte[] input, byte[] root, bool isValid)
    {
        byte[] expected = Slowly(Leaves(input), input[0] % 16);
        FuzzFailure.When(!root.AsSpan().SequenceEqual(expected), $"The root is {Convert.ToHexString(expected)}, not {Convert.ToHexString(root)}.");
        VerifyRaised(input, root);
    }

    /// <summary>Two levels higher, with nothing on the right, it is the root of as many leaves and nothing behind them.</summary>
    private static void VerifyRaised(byte[] input, byte[] root)
    {
        int height = input[0] % 16 + System.Numerics.BitOperations.Log2(System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(Leaves(input).Length / 32)));
        byte[] nothing = MerkleTree.Padding(height);
        byte[] expected = Slowly([.. root, .. nothing, .. nothing, .. nothing], 0);
        FuzzFailure.When(!MerkleTree.Raise(root, height, height + 2).AsSpan().SequenceEqual(expected), "The root does not rise as it should.");
    }

    private static void VerifyLayers(byte[] input, Torrent torrent, bool isValid)
    {
        if (torrent.PieceLayers is not { } layers)
            return;
        for (int file = 0; file < torrent.Files.Count; file++)
        {
            bool needsLayer = torrent.Files[file].Length > torrent.PieceLength;
            FuzzFailure.When(needsLayer == layers.Of(file).IsEmpty, $"File {file} has no layer, or one too many.");
            if (!needsLayer)
                continue;
            byte[] root = Slowly(layers.Of(file).Span, MerkleTree.Height(torrent.PieceLength));
            FuzzFailure.When(Convert.ToHexStringLower(root) != torrent.Files[file].PiecesRoot, $"The layer of file {file} has another root.");
        }
    }

    private static ReadOnlySpan<byte> Leaves(byte[] input) => input.AsSpan(1, (input.Length - 1) / 32 * 32);

    /// <summary>The definition of BEP 52, without cleverness: pad with trees of zeros to a power of two, and hash pairs.</summary>
    private static byte[] Slowly(ReadOnlySpan<byte> hashes, int height)
    {
        byte[] zero = new byte[32];
        for (int i = 0; i < height; i++)
            zero = SHA256.HashData([.. zero, .. zero]);
        var level = new List<byte[]>();
        for (int i = 0; i < hashes.Length; i += 32)
            level.Add(hashes.Slice(i, 32).ToArray());
        while (!System.Numerics.BitOperations.IsPow2(level.Count))
            level.Add(zero);
        while (level.Count > 1)
            level = [.. level.Chunk(2).Select(pair => SHA256.HashData([.. pair[0], .. pair[1]]))];
        return level[0];
    }
}
