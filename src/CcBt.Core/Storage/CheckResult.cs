using CcBt.Core.Metainfo;
using CcBt.Core.Wire;

namespace CcBt.Core.Storage;

/// <summary>What a hash check found: the good pieces, and the state of each file in the layout's order.</summary>
internal sealed record CheckResult(PieceSet GoodPieces, IReadOnlyList<FileState> Files)
{
    public int GoodPieceCount => GoodPieces.Count;

    /// <summary>What the good pieces hold of files; padding is no file.</summary>
    public long GoodBytes(FileLayout layout)
    {
        long bytes = 0;
        for (int piece = 0; piece < layout.PieceCount; piece++)
        {
            if (!GoodPieces[piece])
                continue;
            foreach (FileSlice slice in layout.Slices(piece))
                bytes += slice.IsPadding ? 0 : slice.Length;
        }
        return bytes;
    }
}
