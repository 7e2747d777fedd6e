using System.Numerics;

namespace CcBt.Core.Wire;

/// <summary>A set of piece indexes in the layout of the bitfield message (BEP 3): the first piece is the highest bit of the first byte.</summary>
internal sealed class PieceSet
{
    private readonly byte[] _bits;

    public PieceSet(int pieceCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pieceCount);
        PieceCount = pieceCount;
        _bits = new byte[ByteLength(pieceCount)];
    }

    private PieceSet(int pieceCount, byte[] bits, int count)
    {
        PieceCount = pieceCount;
        _bits = bits;
        Count = count;
    }

    public int PieceCount { get; }

    /// <summary>How many pieces are in the set.</summary>
    public int Count { get; private set; }

    public bool IsFull => Count == PieceCount;

    public bool IsEmpty => Count == 0;

    public ReadOnlySpan<byte> Bytes => _bits;

    public bool this[int piece] => (_bits[piece >> 3] & Mask(piece)) != 0;

    public static int ByteLength(int pieceCount) => (int)(((long)pieceCount + 7) / 8);

    /// <summary>Reads a bitfield. False when its length is wrong or a spare bit is set (BEP 3: drop the connection).</summary>
    public static bool TryRead(ReadOnlySpan<byte> bitfield, int pieceCount, out PieceSet set)
    {
        set = null!;
        if (bitfield.Length != ByteLength(pieceCount))
            return false;
        int spare = bitfield.Length * 8 - pieceCount;
        if (spare > 0 && (bitfield[^1] & ((1 << spare) - 1)) != 0)
            return false;
        int count = 0;
        foreach (byte b in bitfield)
            count += BitOperations.PopCount(b);
        set = new PieceSet(pieceCount, bitfield.ToArray(), count);
        return true;
    }

    /// <summary>Adds a piece; false when it was in the set.</summary>
    public bool Add(int piece)
    {
        CheckRange(piece);
        if (this[piece])
            return false;
        _bits[piece >> 3] |= Mask(piece);
        Count++;
        return true;
    }

    /// <summary>Removes a piece; false when it was not in the set.</summary>
    public bool Remove(int piece)
    {
        CheckRange(piece);
        if (!this[piece])
            return false;
        _bits[piece >> 3] &= (byte)~Mask(piece);
        Count--;
        return true;
    }

    public void Fill()
    {
        Array.Fill(_bits, (byte)0xFF);
        int spare = _bits.Length * 8 - PieceCount;
        if (spare > 0)
            _bits[^1] &= (byte)(0xFF << spare);
        Count = PieceCount;
    }

    public void Clear()
    {
        Array.Clear(_bits);
        Count = 0;
    }

    public PieceSet Clone() => new(PieceCount, (byte[])_bits.Clone(), Count);

    private static byte Mask(int piece) => (byte)(0x80 >> (piece & 7));

    private void CheckRange(int piece)
    {
        // Spare bits share the last byte, so the array's own check does not see them.
        if ((uint)piece >= (uint)PieceCount)
            throw new ArgumentOutOfRangeException(nameof(piece), piece, $"The torrent has {PieceCount} pieces.");
    }
}
