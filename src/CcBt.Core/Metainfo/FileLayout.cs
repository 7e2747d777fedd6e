namespace CcBt.Core.Metainfo;

/// <summary>
/// Where the files of a torrent lie in its pieces. In version 1 files follow each other without gaps (BEP 3), with padding
/// as files of its own (BEP 47); in version 2 each file begins a piece, and its last piece ends with it (BEP 52).
/// Immutable, and safe to use from any thread.
/// </summary>
internal sealed class FileLayout
{
    private readonly FileExtent[] _extents;
    private readonly int[] _extentOfFile;
    private readonly bool _isAligned;

    /// <summary>
    /// <paramref name="extents"/> are the extents with content in ascending order. When <paramref name="isAligned"/> is set
    /// each begins a piece and there may be gaps before the next; otherwise they leave no gap.
    /// </summary>
    public FileLayout(int pieceLength, int fileCount, FileExtent[] extents, bool isAligned)
    {
        PieceLength = pieceLength;
        _extents = extents;
        _isAligned = isAligned;
        _extentOfFile = new int[fileCount];
        Array.Fill(_extentOfFile, -1);
        for (int i = 0; i < extents.Length; i++)
        {
            if (extents[i].File < 0)
                continue;
            _extentOfFile[extents[i].File] = i;
            PayloadLength += extents[i].Length;
        }
        TotalLength = extents.Length == 0 ? 0 : extents[^1].End;
        PieceCount = (int)((TotalLength + pieceLength - 1) / pieceLength);
    }

    public int PieceLength { get; }

    public int PieceCount { get; }

    public int FileCount => _extentOfFile.Length;

    /// <summary>The length of the piece space: the payload with padding and gaps.</summary>
    public long TotalLength { get; }

    /// <summary>The length of all files without padding.</summary>
    public long PayloadLength { get; }

    internal ReadOnlySpan<FileExtent> Extents => _extents;

    /// <summary>Where a piece begins in the piece space.</summary>
    public long PieceOffset(int piece) => (long)piece * PieceLength;

    /// <summary>The length of a piece in bytes: shorter than the others for the last one, and in version 2 for the last one of each file.</summary>
    public int PieceSize(int piece)
    {
        CheckPiece(piece);
        long start = PieceOffset(piece);
        long end = _isAligned ? _extents[FindExtent(start)].End : TotalLength;
        return (int)Math.Min(PieceLength, end - start);
    }

    /// <summary>The slices of files that make up a piece: also the list of files that it touches.</summary>
    public FileSlices Slices(int piece) => new(this, PieceOffset(piece), PieceSize(piece));

    /// <summary>The slices of files that make up <paramref name="length"/> bytes of a piece from <paramref name="begin"/> on.</summary>
    public FileSlices Slices(int piece, int begin, int length)
    {
        if (begin < 0 || length < 0 || begin > PieceSize(piece) - length)
            throw new ArgumentOutOfRangeException(nameof(begin), $"Bytes {begin} to {(long)begin + length} are not inside piece {piece}, which has {PieceSize(piece)}.");
        return new FileSlices(this, PieceOffset(piece) + begin, length);
    }

    /// <summary>The pieces that hold content of a file; none for an empty file.</summary>
    public PieceRange PiecesOf(int file)
    {
        int index = _extentOfFile[file];
        if (index < 0)
            return default;
        int first = (int)(_extents[index].Offset / PieceLength);
        return new PieceRange(first, (int)((_extents[index].End - 1) / PieceLength) - first + 1);
    }

    /// <summary>The extent that holds a byte of the piece space; the byte must not lie in a gap.</summary>
    internal int FindExtent(long offset)
    {
        int low = 0, high = _extents.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >>> 1;
            if (_extents[middle].Offset <= offset)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    private void CheckPiece(int piece)
    {
        if ((uint)piece >= (uint)PieceCount)
            throw new ArgumentOutOfRangeException(nameof(piece), piece, $"The torrent has {PieceCount} pieces.");
    }
}
