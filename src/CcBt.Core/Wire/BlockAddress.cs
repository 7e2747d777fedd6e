namespace CcBt.Core.Wire;

/// <summary>A block: <paramref name="Length"/> bytes of a piece from <paramref name="Begin"/> on, as requests and cancels name it (BEP 3).</summary>
internal readonly record struct BlockAddress(int Piece, int Begin, int Length)
{
    /// <summary>The size that every client requests; only a torrent's last block may be shorter.</summary>
    public const int Size = 16 * 1024;
}
