namespace CcBt.Core.Swarm;

/// <summary>
/// Keeps the lines of seeds for what only they have. A piece that waits in our queue at a seed, and that another peer has got meanwhile,
/// gives way to rarer ones: rarest first also holds for what was asked before it became less rare.
/// </summary>
internal sealed class SeedRelief(LeaseDesk desk)
{
    /// <summary>So many blocks at the head of a seed's queue are taken to be under way.</summary>
    private const int UnderWay = 4;

    /// <summary>A peer that is no seed has got the piece.</summary>
    public void Spread(int piece, TimeSpan now)
    {
        if (desk.Work is not { Order: { Seeds: > 0 } order } work || !work.Open.TryGetValue(piece, out OpenPiece? open))
            return;
        if (open.ReceivedCount > 0 || open.IsShared || open.IsRetry || open.Primary is not SwarmLink { IsSeed: true, IsSnubbed: false } seed)
            return;
        int at = IndexOf(seed.Requests, piece);
        if (at < Math.Max(UnderWay, seed.Requests.Count / 4) || !RarerWaits(seed.Requests, at, order, piece))
            return;
        desk.GiveUp(open);
        seed.Yield(piece, now);
        desk.Wake(seed);
    }

    /// <summary>Whether a piece that only seeds have is still to be begun, or stands further back in the queue.</summary>
    private static bool RarerWaits(RequestQueue requests, int at, PieceOrder order, int piece)
    {
        if (order.AnyOnlyAtSeeds(piece))
            return true;
        for (int i = at + 1; i < requests.Count; i++)
        {
            if (order.IsOnlyAtSeeds(requests[i].Piece))
                return true;
        }
        return false;
    }

    private static int IndexOf(RequestQueue requests, int piece)
    {
        for (int i = 0; i < requests.Count; i++)
        {
            if (requests[i].Piece == piece)
                return i;
        }
        return -1;
    }
}
