using CcBt.Core.Wire;

namespace CcBt.Core.Storage;

/// <summary>What a hash check found: the good pieces, and the state of each file in the layout's order.</summary>
internal sealed record CheckResult(PieceSet GoodPieces, IReadOnlyList<FileState> Files)
{
    public int GoodPieceCount => GoodPieces.Count;
}
