using CcBt.Core.Addressing;
using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

/// <summary>
/// One torrent's swarm: whom to talk to, what to request from whom, whom to choke, whom to ban. Pure: inputs are calls with the time,
/// outputs are taken with <see cref="TryTake"/> until there are none, and <see cref="Advance"/> is called at <see cref="NextDeadline"/>.
/// </summary>
internal sealed partial class TorrentSwarm
{
    private readonly Outbox _outbox = new();
    private readonly LinkTable _links = new();
    private readonly BlameBook _blame = new();
    private readonly SwarmOptions _options;
    private readonly Random _random;
    private readonly PeerPool _pool;
    private readonly Dialer _dialer;
    private readonly Turnover _turnover;
    private readonly LeaseDesk _desk;
    private readonly Choker _choker;
    private readonly Conversation _conversation;
    private readonly PexBook _pex;
    private readonly WriteBackoff _writes;
    private TimeSpan _now;

    public TorrentSwarm(SwarmOptions options, Random random)
    {
        _options = options;
        _random = random;
        _pool = new PeerPool(options, random);
        _dialer = new Dialer(_pool, _links, _outbox);
        _turnover = new Turnover(_links, options);
        _desk = new LeaseDesk(_links, _outbox, options);
        var hints = new SeedHints(_links, _outbox, _desk, random);
        _choker = new Choker(_links, _outbox, options, random) { Hints = hints };
        _conversation = new Conversation(_links, _outbox, _desk, new SeedRelief(_desk), hints, _choker);
        _pex = new PexBook(_links, _outbox);
        _writes = new WriteBackoff(options.WriteRetryAfter);
    }

    public bool IsPaused { get; private set; }

    /// <summary>Metadata and storage are there.</summary>
    public bool IsArmed => _desk.Work is not null;

    public bool IsComplete => _desk.Work is { IsComplete: true };

    public bool IsPrivate => _pool.IsPrivate;

    /// <summary>The blocks of the lease or cancel that was taken last; valid until the next <see cref="TryTake"/>.</summary>
    public ReadOnlySpan<BlockAddress> Blocks => _outbox.TakenBlocks;

    public long MissingBytes => _desk.Work?.MissingBytes ?? 0;

    public bool TryTake(out SwarmOutput output)
    {
        if (_outbox.TryTake(out output))
            return true;
        _desk.Settle(_now);
        _dialer.Settle(_now, seedsHelp: !IsComplete);
        return _outbox.TryTake(out output);
    }

    /// <summary>Adds addresses to the pool and says how many were new. <paramref name="giver"/>: the peer that told of them, in peer exchange.</summary>
    public int AddCandidates(ReadOnlySpan<PeerAddress> peers, PeerSource source, TimeSpan now, PeerAddress? giver = null)
    {
        Note(now);
        int added = _pool.Add(peers, source, giver, now);
        _dialer.Wake();
        return added;
    }

    /// <summary>An address of ours (it turned out to lead to us): never dialed.</summary>
    public void AddOwnAddress(PeerAddress address) => _pool.AddOwn(address);

    /// <summary>The address under which the Internet sees us, with the port that we listen at.</summary>
    public void SetExternalAddress(PeerAddress own) => _pool.SetExternal(own);

    public bool IsBanned(PeerAddress address) => _pool.IsBanned(address);

    /// <summary>Whether a peer at the address is not wanted: banned, or put out for a while.</summary>
    public bool Refuses(PeerAddress address, TimeSpan now) => _pool.IsBanned(address) || _pool.IsPutOut(address, now);

    public void SetBudget(ConnectionBudget budget, TimeSpan now)
    {
        Note(now);
        _dialer.SetBudget(budget);
        int excess = OpenLinks() - budget.MaxLinks;
        for (int i = _links.Count - 1; excess > 0; i--)
        {
            if (_links.All[i].IsClosing)
                continue;
            Close(_links.All[i], SwarmCloseReason.OverBudget);
            excess--;
        }
    }

    public void SetUnchokeSlots(int slots, TimeSpan now)
    {
        Note(now);
        _choker.SetSlots(slots, now);
    }

    /// <summary>A private torrent tells nobody of its peers and takes none but from its trackers and the user (BEP 27).</summary>
    public void SetPrivate(bool isPrivate, TimeSpan now)
    {
        Note(now);
        _pool.SetPrivate(isPrivate);
        for (int i = _links.Count - 1; isPrivate && i >= 0; i--)
        {
            if (_links.All[i].Candidate is null or { IsOnlyPublic: true })
                Close(_links.All[i], SwarmCloseReason.Private);
        }
    }

    /// <summary>A private torrent goes over to another tracker: who came from the former one is disconnected and forgotten (BEP 27).</summary>
    public void ForgetPeers(TimeSpan now)
    {
        Note(now);
        for (int i = _links.Count - 1; i >= 0; i--)
            Close(_links.All[i], SwarmCloseReason.Private);
        _pool.Forget();
    }

    public void SetPaused(bool paused, TimeSpan now)
    {
        Note(now);
        if (IsPaused == paused)
            return;
        IsPaused = _dialer.IsHeld = paused;
        Hold();
        _pool.SetPaused(paused);
        _dialer.Wake();
        if (!paused)
            return;
        for (int i = _links.Count - 1; i >= 0; i--)
            Close(_links.All[i], SwarmCloseReason.Paused);
    }

    /// <summary>The write budget is used up: no more pieces are begun until it is free again.</summary>
    public void DiskBusy(bool busy, TimeSpan now)
    {
        Note(now);
        _desk.IsDiskBusy = busy;
        if (!busy)
            WakeAll();
    }

    /// <summary>The network came back: addresses that failed are tried at once.</summary>
    public void NetworkChanged(TimeSpan now)
    {
        Note(now);
        _pool.ForgiveAll();
        _dialer.Wake();
    }

    /// <summary>Begins to download what is wanted and lacking. What linked peers have said so far is read now.</summary>
    public void Arm(PieceMap map, PieceSet have, PieceSet wanted, TimeSpan now)
    {
        Note(now);
        var work = new PieceWork(map, have, wanted, _options, _random, []);
        _desk.Arm(work);
        _turnover.Excuse(now);
        foreach (SwarmLink link in _links.All.ToArray())
        {
            if (!link.IsClosing && !_conversation.Arm(link, now))
                Close(link, SwarmCloseReason.ProtocolError);
        }
        _choker.IsSeeding = work.IsComplete;
        if (work.IsComplete)
            Completed();
        WakeAll();
        _dialer.Wake();
    }

    /// <summary>What is to be downloaded changed; begun pieces that are not wanted any more are discarded.</summary>
    public void SetWanted(PieceSet wanted, TimeSpan now)
    {
        Note(now);
        if (_desk.Work is not { } work)
            return;
        bool wasComplete = work.IsComplete;
        work.SetWanted(wanted, _links.All);
        foreach (OpenPiece open in work.Open.Values.ToArray())
        {
            if (work.Missing[open.Piece])
                continue;
            _desk.Drop(open);
            _outbox.Discard(open.Piece);
        }
        ReconsiderAll(wasComplete, now);
    }

    public void SetPriority(int firstPiece, int count, PiecePriority priority)
    {
        for (int piece = firstPiece; piece < firstPiece + count; piece++)
            _desk.Work?.Order?.SetPriority(piece, priority);
    }

    /// <summary>The moment at which <see cref="Advance"/> is due; the greatest value when nothing is.</summary>
    public TimeSpan NextDeadline
    {
        get
        {
            TimeSpan next = _dialer.IsHeld ? TimeSpan.MaxValue : _dialer.NextDial;
            if (_links.Count > 0 || _resting < TimeSpan.MaxValue)
                next = Earlier(next, _nextTick);
            return Earlier(next, _conversation.HavesDue);
        }
    }

    public SwarmSnapshot Snapshot(TimeSpan now)
    {
        double down = 0, up = 0;
        int seeds = 0;
        foreach (SwarmLink link in _links.All)
        {
            down += link.Download.BytesPerSecond(now);
            up += link.Upload.BytesPerSecond(now);
            seeds += link.IsSeed ? 1 : 0;
        }
        return new SwarmSnapshot
        {
            Links = _links.Count,
            Seeds = seeds,
            HalfOpen = _dialer.HalfOpen,
            Candidates = _pool.Count,
            Banned = _pool.BannedCount,
            Unchoked = _choker.Unchoked,
            DistributedCopies = _desk.Work?.Order?.DistributedCopies() ?? seeds,
            DownloadRate = down,
            UploadRate = up,
            MissingBytes = MissingBytes,
            BlocksInFlight = _desk.RequestsOpen,
            OpenPieces = _desk.Work?.Open.Count ?? 0,
            WastedBytes = _desk.WastedBytes,
        };
    }

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private void Note(TimeSpan now) => _now = now > _now ? now : _now;

    private void Hold() => _desk.IsHeld = IsPaused || _writes.IsOn(_now);

    /// <summary>A rest of the disk is over, or has begun.</summary>
    private void Rehold()
    {
        bool wasHeld = _desk.IsHeld;
        Hold();
        if (wasHeld && !_desk.IsHeld)
            WakeAll();
    }

    private void WakeAll()
    {
        foreach (SwarmLink link in _links.All)
            _desk.Wake(link);
    }
}
