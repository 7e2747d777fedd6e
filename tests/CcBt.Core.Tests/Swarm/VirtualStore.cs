using System.Buffers.Binary;
using CcBt.Core.Swarm;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Swarm;

/// <summary>Assembles pieces as the storage would; a falsified block makes its piece bad.</summary>
internal sealed class VirtualStore(PieceMap map)
{
    private readonly Dictionary<int, BlockContribution?[]> _pieces = [];
    private readonly HashSet<(int Piece, int Block)> _false = [];

    public PieceSet Good { get; } = new(map.PieceCount);

    public int BadPieces { get; private set; }

    /// <summary>Takes a block; false when it is had. A full piece gives its verdict by <paramref name="isGood"/>.</summary>
    public bool TryPut(BlockAddress block, int link, bool isFalse, out BlockContribution[]? full, out bool isGood)
    {
        full = null;
        isGood = false;
        if (Good[block.Piece])
            return false;
        if (!_pieces.TryGetValue(block.Piece, out BlockContribution?[]? parts))
            _pieces.Add(block.Piece, parts = new BlockContribution?[map.BlockCount(block.Piece)]);
        int index = block.Begin / BlockAddress.Size;
        if (parts[index] is not null)
            return false;
        parts[index] = new BlockContribution(index, link, Digest(block.Piece, index, isFalse ? link : -1));
        if (isFalse)
            _false.Add((block.Piece, index));
        if (parts.Any(p => p is null))
            return true;
        full = [.. parts.Select(p => p!.Value)];
        isGood = !Enumerable.Range(0, parts.Length).Any(i => _false.Contains((block.Piece, i)));
        _pieces.Remove(block.Piece);
        for (int i = 0; i < parts.Length; i++)
            _false.Remove((block.Piece, i));
        if (isGood)
            Good.Add(block.Piece);
        else
            BadPieces++;
        return true;
    }

    public void Discard(int piece) => _pieces.Remove(piece);

    private static BlockDigest Digest(int piece, int block, int falsifier)
    {
        Span<byte> bytes = stackalloc byte[20];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, piece);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], block);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], falsifier);
        return new BlockDigest(bytes);
    }
}
