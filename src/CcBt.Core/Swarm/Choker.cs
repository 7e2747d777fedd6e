namespace CcBt.Core.Swarm;

/// <summary>
/// Says who may download from us (BEP 3). While we download: those who give most, then those who owe us least, and one by chance. While we
/// seed: those who gave to us before, until they had as much, then everybody in turns; but while there is something that only we have, those who
/// keep what they get come last.
/// Only interested peers count.
/// </summary>
internal sealed class Choker(LinkTable links, Outbox outbox, SwarmOptions options, Random random)
{
    private static readonly TimeSpan NewFor = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan SnubbedUsAfter = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan LeastTurn = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Trial = TimeSpan.FromSeconds(20);

    /// <summary>Who gives us less than this part of what it takes counts as one who gives nothing.</summary>
    private const double LeastReturn = 32;

    /// <summary>What a peer may have for nothing before it counts as one that only takes.</summary>
    private const long GenerousBytes = 16 * Wire.BlockAddress.Size;

    private readonly List<(SwarmLink Link, double Score, TimeSpan Turn)> _ranked = [];
    private SwarmLink? _optimistic;
    private TimeSpan _nextOptimistic;
    private int _unchoked;
    private bool _isSpreading;
    private TimeSpan _nextLook;

    public int Slots { get; private set; } = 4;

    public bool IsSeeding { get; set; }

    /// <summary>Told while we seed of those who may download.</summary>
    public SeedHints? Hints { get; init; }

    public TimeSpan NextRound { get; private set; }

    public int Unchoked => _unchoked;

    /// <summary>How many peers may share what we have at once.</summary>
    public int Sharers => Math.Min(Slots, links.Count);

    public void SetSlots(int slots, TimeSpan now)
    {
        if (slots == Slots)
            return;
        Slots = slots;
        Round(now);
    }

    public void Advance(TimeSpan now)
    {
        bool isRound = now >= NextRound;
        if (IsSeeding && (isRound || now >= _nextLook))
        {
            _nextLook = now + LookEvery;
            isRound |= Hints?.TryFindKeepers(now) == true;
        }
        if (isRound)
            Round(now);
    }

    public void BecameInterested(SwarmLink link, TimeSpan now)
    {
        if (!link.AmUnchoking && _unchoked < Slots && !link.IsClosing)
            Unchoke(link, now);
    }

    public void LostInterest(SwarmLink link, TimeSpan now)
    {
        if (!link.AmUnchoking)
            return;
        Choke(link);
        FillFree(now);
    }

    public void Gone(SwarmLink link, TimeSpan now)
    {
        if (_optimistic == link)
            _optimistic = null;
        Hints?.Gone(link);
        if (!link.AmUnchoking)
            return;
        Hints?.Withdraw(link);
        link.AmUnchoking = false;
        _unchoked--;
        FillFree(now);
    }

    private void Round(TimeSpan now)
    {
        NextRound = now + options.ChokeInterval;
        if (now >= _nextOptimistic || _optimistic is { PeerInterested: false } or { IsClosing: true })
        {
            _nextOptimistic = now + options.OptimisticInterval;
            _optimistic = null;
        }
        Rank(now);
        int slots = Math.Min(Slots, _ranked.Count);
        // The slot of chance is only taken from the others when there are not enough for all.
        if (slots < _ranked.Count && slots > 0)
            PutOptimisticFirst(slots, now);
        for (int i = slots; i < _ranked.Count; i++)
        {
            if (_ranked[i].Link.AmUnchoking)
                Choke(_ranked[i].Link);
        }
        for (int i = 0; i < slots; i++)
        {
            if (!_ranked[i].Link.AmUnchoking)
                Unchoke(_ranked[i].Link, now);
        }
    }

    private void FillFree(TimeSpan now)
    {
        Rank(now);
        foreach ((SwarmLink link, _, _) in _ranked)
        {
            if (_unchoked >= Slots)
                return;
            if (!link.AmUnchoking)
                Unchoke(link, now);
        }
    }

    private void Rank(TimeSpan now)
    {
        _ranked.Clear();
        _isSpreading = IsSeeding && Hints is { IsSpreading: true };
        foreach (SwarmLink link in links.All)
        {
            if (link.PeerInterested && !link.IsClosing)
                _ranked.Add((link, IsSeeding ? SeedingScore(link, now) : LeechingScore(link, now), link.UnchokedAt));
        }
        _ranked.Sort(static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Turn.CompareTo(b.Turn));
    }

    /// <summary>
    /// Above 1: what it gives. 1: it has just got its turn and may still begin to give. Below: what it had for nothing, so that who only
    /// takes comes after everybody else, however long it waits.
    /// </summary>
    private static double LeechingScore(SwarmLink link, TimeSpan now)
    {
        double rate = link.Given.BytesPerSecond(now);
        bool owes = now - link.LastBlockAt > SnubbedUsAfter;
        if (rate >= 256 && !owes && rate * LeastReturn >= link.Upload.BytesPerSecond(now))
            return rate;
        return link.AmUnchoking && now - link.UnchokedAt < Trial ? 1 : -Math.Max(link.Debt, 0);
    }

    /// <summary>3: has not had its share yet; 2: waits and gave more than it got; 1: waits; 0: has had its share; -1: keeps what others lack. Equal ones go by who waits longest.</summary>
    private double SeedingScore(SwarmLink link, TimeSpan now)
    {
        if (_isSpreading && link.IsKeeper)
            return -1;
        if (!link.AmUnchoking)
            return link.Debt < 0 ? 2 : 1;
        TimeSpan turn = now - link.UnchokedAt;
        bool hadShare = link.Upload.TotalBytes - link.UploadedAtUnchoke >= options.SeedingTurnBytes && turn >= LeastTurn;
        bool takesNothing = turn >= LeastTurn && link.Upload.BytesPerSecond(now) < 256;
        return hadShare || takesNothing || turn >= LongestTurn ? 0 : 3;
    }

    /// <summary>Chooses by chance among those who would stay choked; new peers that had nothing yet have three times the chance (BEP 3), those that only took a quarter of it.</summary>
    private void PutOptimisticFirst(int slots, TimeSpan now)
    {
        int at = _optimistic is null ? -1 : _ranked.FindIndex(r => r.Link == _optimistic);
        if (at < 0)
        {
            int total = 0;
            for (int i = slots - 1; i < _ranked.Count; i++)
                total += Weight(_ranked[i].Link, now);
            int drawn = random.Next(total);
            for (at = slots - 1; drawn >= Weight(_ranked[at].Link, now); at++)
                drawn -= Weight(_ranked[at].Link, now);
            _optimistic = _ranked[at].Link;
        }
        if (at < slots)
            return;
        (SwarmLink Link, double Score, TimeSpan Turn) chosen = _ranked[at];
        _ranked.RemoveAt(at);
        _ranked.Insert(slots - 1, chosen);
    }

    private int Weight(SwarmLink link, TimeSpan now)
    {
        bool isNew = now - link.OpenedAt < NewFor;
        if (_isSpreading && link.IsKeeper)
            return 1;
        if (IsSeeding || link.Upload.TotalBytes == 0)
            return isNew ? 12 : 4;
        return link.Debt > GenerousBytes && link.Given.TotalBytes * LeastReturn < link.Upload.TotalBytes ? 1 : 4;
    }

    private void Unchoke(SwarmLink link, TimeSpan now)
    {
        link.AmUnchoking = true;
        link.UnchokedAt = now;
        link.HadTurn = true;
        link.UploadedAtUnchoke = link.Upload.TotalBytes;
        _unchoked++;
        // Before the unchoke, which is answered with requests at once.
        if (IsSeeding)
            Hints?.Offer(link, Sharers, now);
        outbox.Add(new SwarmOutput(SwarmOutputKind.Unchoke, link.Id));
    }

    private void Choke(SwarmLink link)
    {
        Hints?.Withdraw(link);
        link.AmUnchoking = false;
        _unchoked--;
        outbox.Add(new SwarmOutput(SwarmOutputKind.Choke, link.Id));
    }
}
