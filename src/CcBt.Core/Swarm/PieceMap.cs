using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

/// <summary>The torrent as pieces and blocks.</summary>
internal readonly record struct PieceMap(int PieceCount, int PieceLength, long TotalSize)
{
    /// <summary>Blocks of a piece other than the last.</summary>
    public int BlocksPerPiece => Blocks(PieceLength);

    public int LengthOf(int piece)
        => piece == PieceCount - 1 ? (int)(TotalSize - (long)PieceLength * piece) : PieceLength;

    public int BlockCount(int piece) => Blocks(LengthOf(piece));

    public BlockAddress Block(int piece, int block)
    {
        int begin = block * BlockAddress.Size;
        return new BlockAddress(piece, begin, Math.Min(BlockAddress.Size, LengthOf(piece) - begin));
    }

    private static int Blocks(int length) => (int)(((long)length + BlockAddress.Size - 1) / BlockAddress.Size);
}
