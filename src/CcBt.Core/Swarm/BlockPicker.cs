using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

/// <summary>
/// Chooses blocks for a supplier: the piece it works on, then begun pieces that nobody works on, then slow ones, then a new
/// piece; and when no piece is left to begin, what others owe (end game).
/// </summary>
internal sealed class BlockPicker(PieceWork work, LinkTable links)
{
    private const double SlowSeconds = 30;
    private const int LeastAsked = 4;
    private static readonly TimeSpan HintsCount = TimeSpan.FromSeconds(3);

    private readonly EndGame _endGame = new(work, links);

    /// <summary>Requests that the last pick moved away from their holders, who are still to be told.</summary>
    public List<(SwarmLink Holder, BlockRequest Request)> Moved => _endGame.Moved;

    /// <summary>Whether no piece that anybody has is left to begin.</summary>
    public bool IsEnding => !Order.AnyAvailable();

    /// <summary>Nobody is asked for anything once nothing is missing.</summary>
    private PieceOrder Order => work.Order!;

    /// <summary>Adds up to <paramref name="want"/> blocks to <paramref name="picked"/> and notes them as asked.</summary>
    public void Pick(Supplier supplier, int want, bool mayBegin, TimeSpan now, List<BlockAddress> picked)
    {
        int before = picked.Count;
        while (picked.Count - before < want)
        {
            OpenPiece? piece = Current(supplier) ?? (mayBegin && IsGuided(supplier, now) ? BeginHinted(supplier, now) : Find(supplier, mayBegin, now));
            if (piece is null)
                break;
            TakeRun(piece, supplier, want - (picked.Count - before), now, picked);
        }
        int lacking = want - (picked.Count - before);
        Moved.Clear();
        if (lacking > 0 && supplier is { IsCostly: false, IsSnubbed: false } && IsEnding)
            _endGame.Take(supplier, lacking, now, picked);
    }

    private OpenPiece? Find(Supplier supplier, bool mayBegin, TimeSpan now)
        => FindBegun(supplier, now) ?? (mayBegin ? BeginNew(supplier, now) : null) ?? FindAny(supplier);

    /// <summary>
    /// A seed that suggests knows what others are about to fetch from it. While it does, nothing else is asked of it, else several peers
    /// come for the same and the first copy is out later.
    /// </summary>
    private bool IsGuided(Supplier supplier, TimeSpan now)
        => supplier.Hints.Count > 0 && now - supplier.HintedAt < HintsCount && supplier.Pieces.IsFull && links.AnySharer;

    private OpenPiece? BeginHinted(Supplier supplier, TimeSpan now)
    {
        foreach (int hint in supplier.Hints)
        {
            // It may have been begun when the seed had us wait.
            if (work.Open.TryGetValue(hint, out OpenPiece? open) && (open.Primary is null || open.Primary == supplier) && Takes(open, supplier))
                return open;
        }
        if (!work.HasRoom)
            return null;
        int piece = FirstOf(supplier.Only ?? supplier.Hints, supplier);
        return piece < 0 ? null : work.Begin(piece, now);
    }

    private OpenPiece? Current(Supplier supplier)
    {
        if (supplier.Current is not { } current)
            return null;
        if (work.Open.TryGetValue(current.Piece, out OpenPiece? open) && open.Attempt == current.Attempt && Takes(open, supplier))
            return open;
        supplier.Current = null;
        return null;
    }

    /// <summary>A begun piece that nobody works on, or whose primary would take long.</summary>
    private OpenPiece? FindBegun(Supplier supplier, TimeSpan now)
    {
        OpenPiece? slow = null;
        foreach (OpenPiece piece in work.WithFree)
        {
            if (!Takes(piece, supplier))
                continue;
            if (piece.Primary is null || piece.Primary == supplier)
                return piece;
            if (slow is null && piece.Primary.SecondsFor(piece.FreeCount, now) > SlowSeconds)
                slow = piece;
        }
        return slow;
    }

    private OpenPiece? FindAny(Supplier supplier)
    {
        foreach (OpenPiece piece in work.WithFree)
        {
            if (Takes(piece, supplier))
                return piece;
        }
        return null;
    }

    private OpenPiece? BeginNew(Supplier supplier, TimeSpan now)
    {
        if (!work.HasRoom)
            return null;
        IReadOnlyList<int>? only = supplier.Only;
        int piece = FirstOf(only ?? supplier.Hints, supplier);
        if (piece < 0 && (only is not null || !Order.TryPick(supplier, work.BeginsAtRandom, out piece) || MustAskLittle(supplier, piece)))
            return null;
        return work.Begin(piece, now);
    }

    /// <summary>Others may be about to fetch the piece from the same seed, which has suggested others to us.</summary>
    private bool MustAskLittle(Supplier supplier, int piece)
        => supplier.Hints.Count > 0 && Order.IsOnlyAtSeeds(piece)
            && supplier.Requests.Count >= Math.Max(LeastAsked, supplier.Window.Size / 4) && links.AnySharer;

    private int FirstOf(IReadOnlyList<int> pieces, Supplier supplier)
    {
        for (int i = 0; i < pieces.Count; i++)
        {
            if (Order.Contains(pieces[i]) && supplier.CanServe(pieces[i]))
                return pieces[i];
        }
        return -1;
    }

    private static bool Takes(OpenPiece piece, Supplier supplier)
        => supplier.CanServe(piece.Piece) && piece.Admits(supplier) && HasBlockFor(piece, supplier);

    /// <summary>A free block can still be open at the supplier itself, when it was given up on.</summary>
    private static bool HasBlockFor(OpenPiece piece, Supplier supplier)
    {
        for (int block = piece.NextFree(0); block >= 0; block = piece.NextFree(block + 1))
        {
            if (PieceWork.CanAsk(piece, block, supplier))
                return true;
        }
        return false;
    }

    private void TakeRun(OpenPiece piece, Supplier supplier, int want, TimeSpan now, List<BlockAddress> picked)
    {
        piece.Primary ??= supplier;
        supplier.Current = (piece.Piece, piece.Attempt);
        int before = picked.Count;
        if (piece.Primary != supplier)
            TakeFrom(piece.LastFree(want), piece, supplier, want, now, picked);
        if (picked.Count == before)
            TakeFrom(piece.NextFree(0), piece, supplier, want, now, picked);
        work.Refresh(piece);
    }

    private void TakeFrom(int block, OpenPiece piece, Supplier supplier, int want, TimeSpan now, List<BlockAddress> picked)
    {
        for (; block >= 0 && want > 0; block = piece.NextFree(block + 1))
        {
            if (work.TryAsk(piece, block, supplier, now, picked))
                want--;
        }
    }
}
