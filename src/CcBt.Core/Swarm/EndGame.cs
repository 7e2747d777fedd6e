using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

/// <summary>
/// What a supplier with room may take over when no piece is left to begin. A block far back in the queue of a slow holder is moved: asked
/// here and cancelled there before it leaves. Only a block that is nearly due, or whose holder stalls, is asked from both.
/// </summary>
internal sealed class EndGame(PieceWork work, LinkTable links)
{
    private const int MostBlocks = 64;

    /// <summary>So many blocks at the head of a queue are taken to be under way; a cancel would come too late.</summary>
    private const int UnderWay = 2;

    private static readonly TimeSpan TooNewToJudge = TimeSpan.FromSeconds(2);

    private readonly List<(double Seconds, SwarmLink Link)> _holders = [];

    /// <summary>Requests that were moved away from their holders, who are still to be told.</summary>
    public List<(SwarmLink Holder, BlockRequest Request)> Moved { get; } = [];

    /// <summary>Asks the supplier for blocks that others would bring clearly later, from the slowest holder on.</summary>
    public void Take(Supplier supplier, int want, TimeSpan now, List<BlockAddress> picked)
    {
        // Who owes blocks itself would only keep them from those that give.
        if (supplier.IsStalled(now))
            return;
        Rank(supplier, now);
        int left = Math.Min(want, MostBlocks);
        foreach ((_, SwarmLink holder) in _holders)
            left -= TakeFrom(holder, supplier, left, now, picked);
    }

    private void Rank(Supplier supplier, TimeSpan now)
    {
        _holders.Clear();
        foreach (SwarmLink link in links.All)
        {
            if (link == supplier || link.Requests.Count == 0)
                continue;
            if (!link.IsProven && now - link.LastAskedAt < TooNewToJudge)
                continue;
            _holders.Add((link.IsStalled(now) ? double.MaxValue : link.Requests.Count * SecondsPerBlock(link, now), link));
        }
        _holders.Sort(static (a, b) => a.Seconds != b.Seconds ? b.Seconds.CompareTo(a.Seconds) : a.Link.Id.CompareTo(b.Link.Id));
    }

    private int TakeFrom(SwarmLink holder, Supplier supplier, int want, TimeSpan now, List<BlockAddress> picked)
    {
        bool isStalled = holder.IsStalled(now);
        bool isProven = supplier.IsProven;
        double perBlock = SecondsPerBlock(holder, now);
        int taken = 0;
        for (int i = holder.Requests.Count - 1; i >= 0 && taken < want; i--)
        {
            bool moves = isProven && !isStalled && i >= UnderWay;
            double theirs = (i + 1) * perBlock, mine = (supplier.Requests.Count + 1) * SecondsPerBlock(supplier, now) + supplier.Window.RoundTrip.TotalSeconds;
            // What is further ahead in the queue comes sooner still.
            if (!isStalled && theirs < (moves ? 1.3 * mine + 0.2 : 3 * mine + 1))
                break;
            BlockRequest request = holder.Requests[i];
            if (!TryTake(request, holder, supplier, now, picked))
                continue;
            taken++;
            if (moves)
                Moved.Add((holder, request));
        }
        return taken;
    }

    private bool TryTake(in BlockRequest request, SwarmLink holder, Supplier supplier, TimeSpan now, List<BlockAddress> picked)
    {
        if (!work.Open.TryGetValue(request.Piece, out OpenPiece? piece) || piece.Attempt != request.Attempt)
            return false;
        if (!supplier.CanServe(request.Piece) || !piece.Admits(supplier))
            return false;
        foreach (Supplier? other in piece.Askers(request.Block))
        {
            if (other is not null && other != holder && !other.IsStalled(now))
                return false;
        }
        return work.TryAsk(piece, request.Block, supplier, now, picked);
    }

    /// <summary>
    /// A rate that is not known yet is taken for a usual one; a known one for what it is. The same for both sides, so that no block goes
    /// to and fro.
    /// </summary>
    private static double SecondsPerBlock(Supplier supplier, TimeSpan now)
    {
        bool isKnown = supplier.Requests.Count > 0 && now - supplier.LastAskedAt > TooNewToJudge;
        return BlockAddress.Size / Math.Max(supplier.Download.BytesPerSecond(now), isKnown ? 1024 : 16 * 1024);
    }
}
