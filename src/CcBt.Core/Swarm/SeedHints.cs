using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

/// <summary>
/// While we seed and have pieces that no linked peer has: suggests other ones to each peer that may download (BEP 6), so that they do not
/// come for the same. With peers that follow, a first copy leaves us almost without repeats; those that do not follow lose nothing.
/// </summary>
internal sealed class SeedHints(LinkTable links, Outbox outbox, LeaseDesk desk, Random random)
{
    /// <summary>More than peers keep requested; much more would leave the last pieces to the slowest peers.</summary>
    private const double SecondsAhead = 3;

    private const int LeastBytesAhead = 512 << 10;

    /// <summary>One piece that was suggested can come by chance; who goes by suggestions has got more.</summary>
    private const int LeastMet = 2;

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(60);

    private readonly List<SwarmLink> _keepers = [];
    private PieceSet? _unspread;
    private SpreadBook? _book;
    private TimeSpan _lookedAt;

    /// <summary>Whether pieces are left that only we have, or peers that keep what they get.</summary>
    public bool IsSpreading => _unspread is { IsEmpty: false } || links.All.Exists(static link => link.Hinted is { Count: > 0 });

    /// <summary>The peer may download, or has got what was suggested; <paramref name="sharers"/> share what nobody has yet.</summary>
    public void Offer(SwarmLink link, int sharers, TimeSpan now)
    {
        if (!link.IsFast || link.IsKeeper || desk.Work is not { IsComplete: true } work)
            return;
        if (_unspread is null || (_unspread.IsEmpty && now - _lookedAt > LookAgainAfter))
            Look(work, now);
        double ahead = Math.Max(link.Upload.BytesPerSecond(now) * SecondsAhead, LeastBytesAhead);
        int most = (int)Math.Clamp(ahead / work.Map.PieceLength, 2, Limits.SuggestedPieces);
        most = Math.Min(most, ShareOf(sharers));
        while (_unspread is { IsEmpty: false } && (link.Hinted ??= []).Count < most)
        {
            int piece = PieceBits.Next(_unspread, random.Next(_unspread.PieceCount));
            if (piece < 0)
                piece = PieceBits.Next(_unspread, 0);
            _unspread.Remove(piece);
            if (link.Pieces[piece])
                continue;
            link.Hinted.Add(piece);
            outbox.Send(link.Id, new PeerMessage(PeerMessageKind.Suggest, new BlockAddress(piece, 0, 0)));
        }
    }

    /// <summary>The peer has got a piece.</summary>
    public void Had(SwarmLink link, int piece, int sharers, TimeSpan now)
    {
        if (!link.IsKeeper)
            _unspread?.Remove(piece);
        bool wasHinted = link.Hinted?.Remove(piece) == true;
        link.HintsMet += wasHinted ? 1 : 0;
        _book?.Had(link, piece, wasHinted || (link.AmUnchoking && !Follows(link)), now);
        if (wasHinted && link.AmUnchoking)
            Offer(link, sharers, now);
    }

    /// <summary>The peer has said anew what it has.</summary>
    public void Told(SwarmLink link)
    {
        if (_unspread is null)
            return;
        Subtract(link);
        _book!.Told(link);
    }

    /// <summary>The peer may not download any more: what was suggested to it, and nobody has, is for others.</summary>
    public void Withdraw(SwarmLink link)
    {
        foreach (int piece in link.Hinted ?? [])
            PutBack(piece, link);
        (link.Hinted, link.HintsMet) = (null, 0);
    }

    /// <summary>The link is over.</summary>
    public void Gone(SwarmLink link)
    {
        if (link.Kept is null)
            return;
        foreach (int piece in link.Kept.Keys)
            PutBack(piece, link);
        _book!.Gone(link);
    }

    /// <summary>Looks who keeps what it gets, which is then for others too; whether there is somebody who was not known to.</summary>
    public bool TryFindKeepers(TimeSpan now)
    {
        if (_book is null || !IsSpreading)
            return false;
        _keepers.Clear();
        _book.Judge(now, _keepers);
        foreach (SwarmLink keeper in _keepers)
        {
            foreach (int piece in keeper.Kept!.Keys)
                PutBack(piece, keeper);
        }
        return _keepers.Count > 0;
    }

    /// <summary>Pieces were lost or added: what is unspread is looked at anew when it is next asked for.</summary>
    public void Forget()
    {
        _unspread = null;
        if (_book is null)
            return;
        _book = null;
        foreach (SwarmLink link in links.All)
            (link.Kept, link.PassedOn, link.IsKeeper) = (null, 0, false);
    }

    /// <summary>Whether all that we gave to it in this turn went into pieces that we suggested: then whatever else it gets comes from others, who passed it on.</summary>
    private bool Follows(SwarmLink link)
    {
        if (link.HintsMet < LeastMet)
            return false;
        // Some of those that it has not got yet are under way.
        long suggested = (link.HintsMet + (link.Hinted?.Count ?? 0) / 2) * (long)desk.Work!.Map.PieceLength;
        return link.Upload.TotalBytes - link.UploadedAtUnchoke <= suggested;
    }

    private void PutBack(int piece, SwarmLink from)
    {
        if (!links.All.Exists(other => other != from && !other.IsKeeper && (other.Pieces[piece] || other.Hinted?.Contains(piece) == true)))
            _unspread?.Add(piece);
    }

    /// <summary>A fair part of what is not spread, so that the last slot is left as much as the first.</summary>
    private int ShareOf(int sharers)
    {
        int left = _unspread!.Count;
        foreach (SwarmLink link in links.All)
            left += link.Hinted?.Count ?? 0;
        return Math.Max(1, (left + sharers - 1) / Math.Max(1, sharers));
    }

    private void Look(PieceWork work, TimeSpan now)
    {
        _lookedAt = now;
        _unspread = work.Have.Clone();
        bool isFirst = _book is null;
        _book ??= new SpreadBook(links, work.Map.PieceCount);
        foreach (SwarmLink link in links.All)
        {
            if (link.IsClosing)
                continue;
            Subtract(link);
            if (isFirst)
                _book.Told(link);
            foreach (int piece in link.Hinted ?? [])
                _unspread.Remove(piece);
        }
    }

    private void Subtract(SwarmLink link)
    {
        if (link.IsKeeper)
            return;
        for (int piece = PieceBits.Next(_unspread!, 0); piece >= 0; piece = PieceBits.Next(_unspread!, piece + 1))
        {
            if (link.Pieces[piece])
                _unspread!.Remove(piece);
        }
    }
}
