using System.Numerics;
using CcBt.Core.Wire;

namespace CcBt.Core.Storage;

/// <summary>A set of pieces that any thread may read and change.</summary>
internal sealed class PieceBits(int pieceCount)
{
    private readonly uint[] _words = new uint[(int)(((long)pieceCount + 31) / 32)];

    public int PieceCount => pieceCount;

    public bool this[int piece]
        => (uint)piece < (uint)pieceCount && (Volatile.Read(ref _words[piece >> 5]) & (1u << (piece & 31))) != 0;

    public int Count
    {
        get
        {
            int count = 0;
            for (int i = 0; i < _words.Length; i++)
                count += BitOperations.PopCount(Volatile.Read(ref _words[i]));
            return count;
        }
    }

    public void Set(int piece, bool value)
    {
        uint mask = 1u << (piece & 31);
        if (value)
            Interlocked.Or(ref _words[piece >> 5], mask);
        else
            Interlocked.And(ref _words[piece >> 5], ~mask);
    }

    public PieceSet ToPieceSet()
    {
        var set = new PieceSet(pieceCount);
        for (int piece = 0; piece < pieceCount; piece++)
        {
            if (this[piece])
                set.Add(piece);
        }
        return set;
    }
}
