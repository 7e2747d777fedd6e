using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

/// <summary>
/// While we seed and have pieces that no linked peer has: suggests other ones to each peer that may download (BEP 6), so that they do not
/// come for the same. With peers that follow, a first copy leaves us almost without repeats; those that do not follow lose nothing.
/// </summary>
internal sealed class SeedHints(LinkTable links, Outbox outbox, LeaseDesk desk, Random random)
{
    /// <summary>More than peers keep requested; much more would leave the last pieces to the slowest peers.</summary>
    private const double SecondsAhead = 5;

    private const int LeastBytesAhead = 512 << 10;
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(60);

    private PieceSet? _unspread;
    private TimeSpan _lookedAt;

    /// <summary>The peer may download, or has got what was suggested.</summary>
    public void Offer(SwarmLink link, TimeSpan now)
    {
        if (!link.IsFast || desk.Work is not { IsComplete: true } work)
            return;
        if (_unspread is null || (_unspread.IsEmpty && now - _lookedAt > LookAgainAfter))
            Look(work, now);
        double ahead = Math.Max(link.Upload.BytesPerSecond(now) * SecondsAhead, LeastBytesAhead);
        int most = (int)Math.Clamp(ahead / work.Map.PieceLength, 2, Limits.SuggestedPieces);
        while (_unspread is { IsEmpty: false } && (link.Hinted ??= []).Count < most)
        {
            int piece = PieceBits.Next(_unspread, random.Next(_unspread.PieceCount));
            if (piece < 0)
                piece = PieceBits.Next(_unspread, 0);
            _unspread.Remove(piece);
            link.Hinted.Add(piece);
            outbox.Send(link.Id, new PeerMessage(PeerMessageKind.Suggest, new BlockAddress(piece, 0, 0)));
        }
    }

    /// <summary>The peer has got a piece.</summary>
    public void Had(SwarmLink link, int piece, TimeSpan now)
    {
        _unspread?.Remove(piece);
        if (link.Hinted?.Remove(piece) == true && link.AmUnchoking)
            Offer(link, now);
    }

    /// <summary>The peer has said anew what it has.</summary>
    public void Told(SwarmLink link)
    {
        if (_unspread is not null)
            Subtract(link);
    }

    /// <summary>The peer may not download any more: what was suggested to it, and nobody has, is for others.</summary>
    public void Withdraw(SwarmLink link)
    {
        foreach (int piece in link.Hinted ?? [])
        {
            if (!links.All.Exists(other => other != link && other.Pieces[piece]))
                _unspread?.Add(piece);
        }
        link.Hinted = null;
    }

    /// <summary>Pieces were lost or added: what is unspread is looked at anew when it is next asked for.</summary>
    public void Forget() => _unspread = null;

    private void Look(PieceWork work, TimeSpan now)
    {
        _lookedAt = now;
        _unspread = work.Have.Clone();
        foreach (SwarmLink link in links.All)
        {
            if (link.IsClosing)
                continue;
            Subtract(link);
            foreach (int piece in link.Hinted ?? [])
                _unspread.Remove(piece);
        }
    }

    private void Subtract(SwarmLink link)
    {
        for (int piece = PieceBits.Next(_unspread!, 0); piece >= 0; piece = PieceBits.Next(_unspread!, piece + 1))
        {
            if (link.Pieces[piece])
                _unspread!.Remove(piece);
        }
    }
}
