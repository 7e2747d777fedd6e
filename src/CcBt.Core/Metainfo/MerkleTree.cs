using System.Numerics;
using System.Security.Cryptography;

namespace CcBt.Core.Metainfo;

/// <summary>SHA-256 merkle trees over blocks of 16 KiB, padded with zero hashes to a power of two (BEP 52).</summary>
internal static class MerkleTree
{
    public const int HashLength = SHA256.HashSizeInBytes;

    public const int BlockLength = 16 * 1024;

    /// <summary>
    /// The root above a layer of hashes that lies <paramref name="height"/> levels over the blocks. Missing hashes on the right
    /// are those of trees over nothing.
    /// </summary>
    public static byte[] Root(ReadOnlySpan<byte> layer, int height)
    {
        byte[] hashes = layer.ToArray();
        byte[] pad = Padding(height);
        int count = hashes.Length / HashLength;
        Span<byte> pair = stackalloc byte[2 * HashLength];
        while (count > 1)
        {
            int parents = (count + 1) / 2;
            for (int i = 0; i < parents; i++)
            {
                hashes.AsSpan(2 * i * HashLength, HashLength).CopyTo(pair);
                ReadOnlySpan<byte> right = 2 * i + 1 < count ? hashes.AsSpan((2 * i + 1) * HashLength, HashLength) : pad;
                right.CopyTo(pair[HashLength..]);
                SHA256.HashData(pair, hashes.AsSpan(i * HashLength, HashLength));
            }
            pad = Parent(pad, pad);
            count = parents;
        }
        return hashes.AsSpan(0, HashLength).ToArray();
    }

    /// <summary>How many levels over its blocks the root of a tree over that many bytes lies.</summary>
    public static int Height(int length)
        => BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)((length + BlockLength - 1) / BlockLength)));

    /// <summary>The root at a greater height, with nothing on the right of the tree.</summary>
    public static byte[] Raise(ReadOnlySpan<byte> root, int height, int newHeight)
    {
        byte[] raised = root.ToArray();
        byte[] pad = Padding(height);
        for (; height < newHeight; height++)
        {
            raised = Parent(raised, pad);
            pad = Parent(pad, pad);
        }
        return raised;
    }

    /// <summary>The root of a tree of that height over nothing.</summary>
    public static byte[] Padding(int height)
    {
        var hash = new byte[HashLength];
        for (int level = 0; level < height; level++)
            hash = Parent(hash, hash);
        return hash;
    }

    private static byte[] Parent(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> pair = stackalloc byte[2 * HashLength];
        left.CopyTo(pair);
        right.CopyTo(pair[HashLength..]);
        return SHA256.HashData(pair);
    }
}
