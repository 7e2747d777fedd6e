using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

/// <summary>
/// Chooses blocks for a supplier: the piece it works on, then begun pieces that nobody works on, then slow ones, then a new
/// piece; and when no piece is left to begin, what others owe (end game).
/// </summary>
internal sealed class BlockPicker(PieceWork work, Random random)
{
    private const double SlowSeconds = 30;
    private const int EndGameBlocks = 64;

    /// <summary>Adds up to <paramref name="want"/> blocks to <paramref name="picked"/> and notes them as asked.</summary>
    public void Pick(Supplier supplier, int want, TimeSpan now, List<BlockAddress> picked)
    {
        int before = picked.Count;
        while (picked.Count - before < want)
        {
            OpenPiece? piece = Current(supplier) ?? FindBegun(supplier, now) ?? BeginNew(supplier, now) ?? FindAny(supplier);
            if (piece is null)
                break;
            TakeRun(piece, supplier, want - (picked.Count - before), now, picked);
        }
        int lacking = want - (picked.Count - before);
        if (lacking > 0 && supplier is { IsCostly: false, IsSnubbed: false } && work.Order?.AnyAvailable() == false)
            TakeOwed(supplier, Math.Min(lacking, EndGameBlocks), now, picked);
    }

    private OpenPiece? Current(Supplier supplier)
    {
        if (supplier.Current is not { } piece)
            return null;
        if (work.Open.TryGetValue(piece.Piece, out OpenPiece? open) && open == piece && Takes(piece, supplier))
            return piece;
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
        if (work.Order is not { Count: > 0 } order || !work.HasRoom)
            return null;
        IReadOnlyList<int>? only = supplier.Only;
        int piece = FirstOf(only ?? supplier.Hints, supplier, order);
        if (piece < 0 && (only is not null || !order.TryPick(supplier, work.BeginsAtRandom, out piece)))
            return null;
        return work.Begin(piece, now);
    }

    private static int FirstOf(IReadOnlyList<int> pieces, Supplier supplier, PieceOrder order)
    {
        for (int i = 0; i < pieces.Count; i++)
        {
            if (order.Contains(pieces[i]) && supplier.CanServe(pieces[i]))
                return pieces[i];
        }
        return -1;
    }

    private static bool Takes(OpenPiece piece, Supplier supplier)
        => piece.FreeCount > 0 && supplier.CanServe(piece.Piece) && piece.Admits(supplier) && HasBlockFor(piece, supplier);

    /// <summary>A free block can still be open at the supplier itself, when it was given up on.</summary>
    private static bool HasBlockFor(OpenPiece piece, Supplier supplier)
    {
        for (int block = piece.NextFree(0); block >= 0; block = piece.NextFree(block + 1))
        {
            if (CanAsk(piece, block, supplier))
                return true;
        }
        return false;
    }

    private static bool CanAsk(OpenPiece piece, int block, Supplier supplier)
    {
        ReadOnlySpan<Supplier?> askers = piece.Askers(block);
        bool room = false;
        foreach (Supplier? asker in askers)
        {
            if (asker == supplier)
                return false;
            room |= asker is null;
        }
        return room && !(piece.MayBeOwed && supplier.Requests.Contains(piece.Piece, block));
    }

    private void TakeRun(OpenPiece piece, Supplier supplier, int want, TimeSpan now, List<BlockAddress> picked)
    {
        piece.Primary ??= supplier;
        supplier.Current = piece;
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
            if (Ask(piece, block, supplier, now, picked))
                want--;
        }
    }

    /// <summary>Blocks that others would bring later than this supplier can; each at no more than a few.</summary>
    private void TakeOwed(Supplier supplier, int want, TimeSpan now, List<BlockAddress> picked)
    {
        if (work.Open.Count == 0)
            return;
        int skip = random.Next(work.Open.Count), index = 0, left = want;
        // Each supplier begins elsewhere, so that not all ask for the same block.
        for (int half = 0; half < 2 && left > 0; half++, index = 0)
        {
            foreach (OpenPiece piece in work.Open.Values)
            {
                if ((index++ < skip) == (half == 0) || piece.AskedCount == 0)
                    continue;
                if (left > 0 && supplier.CanServe(piece.Piece) && piece.Admits(supplier))
                    left -= TakeOwed(piece, supplier, left, now, picked);
            }
        }
    }

    private int TakeOwed(OpenPiece piece, Supplier supplier, int want, TimeSpan now, List<BlockAddress> picked)
    {
        int taken = 0;
        for (int block = 0; block < piece.BlockCount && taken < want; block++)
        {
            if (!piece.IsAsked(block) || !CanAsk(piece, block, supplier) || !IsLate(piece.Askers(block), supplier, taken, now))
                continue;
            if (Ask(piece, block, supplier, now, picked))
                taken++;
        }
        return taken;
    }

    /// <summary>Whether every asker would bring its block clearly later than the supplier.</summary>
    private static bool IsLate(ReadOnlySpan<Supplier?> askers, Supplier supplier, int taken, TimeSpan now)
    {
        double mine = supplier.SecondsFor(taken + 1, now);
        foreach (Supplier? asker in askers)
        {
            if (asker is not null && !asker.IsStalled(now) && asker.SecondsFor(0, now) * 0.7 < mine)
                return false;
        }
        return true;
    }

    private bool Ask(OpenPiece piece, int block, Supplier supplier, TimeSpan now, List<BlockAddress> picked)
    {
        if (!CanAsk(piece, block, supplier) || !piece.TryAsk(block, supplier))
            return false;
        supplier.Requests.Add(new BlockRequest(piece.Piece, block, piece.Attempt, now));
        piece.LastActivity = now;
        picked.Add(work.Map.Block(piece.Piece, block));
        return true;
    }
}
