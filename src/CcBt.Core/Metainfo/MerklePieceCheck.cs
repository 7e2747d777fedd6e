using System.Security.Cryptography;

namespace CcBt.Core.Metainfo;

/// <summary>Hashes the blocks of a piece as they come and builds their tree at the end.</summary>
internal sealed class MerklePieceCheck : IPieceCheck
{
    private readonly IncrementalHash _block = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ReadOnlyMemory<byte> _expected;
    private readonly byte[] _leaves;
    private int _blocks;
    private int _blockFill;

    public MerklePieceCheck(ReadOnlyMemory<byte> expected, int height)
    {
        _expected = expected;
        _leaves = new byte[MerkleTree.HashLength << height];
    }

    public void Append(ReadOnlySpan<byte> run)
    {
        while (run.Length > 0)
        {
            int length = Math.Min(run.Length, MerkleTree.BlockLength - _blockFill);
            _block.AppendData(run[..length]);
            _blockFill += length;
            run = run[length..];
            if (_blockFill == MerkleTree.BlockLength)
                EndBlock();
        }
    }

    public bool Finish()
    {
        if (_blockFill > 0)
            EndBlock();
        // The leaves behind the last block stay zero, as the tree wants them.
        return MerkleTree.Root(_leaves, 0).AsSpan().SequenceEqual(_expected.Span);
    }

    public void Dispose() => _block.Dispose();

    private void EndBlock()
    {
        if (_blocks == _leaves.Length / MerkleTree.HashLength)
            throw new InvalidOperationException("More was appended than the piece has.");
        _block.GetHashAndReset(_leaves.AsSpan(_blocks++ * MerkleTree.HashLength));
        _blockFill = 0;
    }
}
