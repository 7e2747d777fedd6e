using System.Security.Cryptography;

namespace CcBt.Core.Metainfo;

/// <summary>
/// Compares a piece with its hash in the merkle tree of its file (BEP 52): a hash of the piece layer, or for a file of at most
/// one piece the root, which then stands over no more blocks than the file has.
/// </summary>
internal sealed class MerklePieceVerifier(FileLayout layout, PieceLayers layers, ReadOnlyMemory<byte>[] roots) : IPieceVerifier
{
    private readonly int _pieceHeight = MerkleTree.Height(layout.PieceLength);

    public bool Verify(int piece, ReadOnlySpan<byte> content)
    {
        using IPieceCheck check = Begin(piece);
        check.Append(content);
        return check.Finish();
    }

    public IPieceCheck Begin(int piece)
    {
        (ReadOnlyMemory<byte> expected, int height) = Expected(piece);
        return new MerklePieceCheck(expected, height);
    }

    public IPieceCheck Begin(int piece, IPieceCheck? finished)
    {
        finished?.Dispose();
        return Begin(piece);
    }

    public IPieceLanes? NewLanes() => null;

    /// <summary>The root over as few blocks as the length has.</summary>
    public byte[] DigestOfZeros(int length)
    {
        var block = new byte[MerkleTree.BlockLength];
        byte[] full = SHA256.HashData(block);
        int fullBlocks = length / MerkleTree.BlockLength, rest = length % MerkleTree.BlockLength;
        var leaves = new byte[(fullBlocks + (rest > 0 ? 1 : 0)) * MerkleTree.HashLength];
        for (int i = 0; i < fullBlocks; i++)
            full.CopyTo(leaves.AsSpan(i * MerkleTree.HashLength));
        if (rest > 0)
            SHA256.HashData(block.AsSpan(0, rest), leaves.AsSpan(fullBlocks * MerkleTree.HashLength));
        return MerkleTree.Root(leaves, 0);
    }

    /// <summary>The last piece of a file can be short, but its hash stands as high as the other ones.</summary>
    public bool HasDigest(int piece, ReadOnlySpan<byte> digest)
    {
        (ReadOnlyMemory<byte> expected, int height) = Expected(piece);
        byte[] raised = MerkleTree.Raise(digest, MerkleTree.Height(layout.PieceSize(piece)), height);
        return raised.AsSpan().SequenceEqual(expected.Span);
    }

    private (ReadOnlyMemory<byte> Hash, int Height) Expected(int piece)
    {
        FileSlices slices = layout.Slices(piece);
        slices.MoveNext();
        int file = slices.Current.File;
        ReadOnlyMemory<byte> layer = layers.Of(file);
        if (layer.IsEmpty)
            return (roots[file], MerkleTree.Height(slices.Current.Length));
        int index = (int)(slices.Current.Offset / layout.PieceLength);
        return (layer.Slice(index * MerkleTree.HashLength, MerkleTree.HashLength), _pieceHeight);
    }
}
