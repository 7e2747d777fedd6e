using CcBt.Core.Addressing;
using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

// Links: what comes from them, what becomes of their pieces, and the clock.
internal sealed partial class TorrentSwarm
{
    private static readonly TimeSpan BusyTick = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan IdleTick = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SnubbedTooLong = TimeSpan.FromSeconds(Limits.SnubbedLinkSeconds);
    private static readonly TimeSpan ForgetRefusalsEvery = TimeSpan.FromSeconds(60);

    private readonly List<Accusation> _given = [];
    private readonly HashSet<PeerAddress> _guilty = [];
    private TimeSpan _nextTick;
    private TimeSpan _nextForget;
    private TimeSpan _resting = TimeSpan.MaxValue;

    /// <summary>A link is open and its handshakes are exchanged. The swarm sends the first message (what we have).</summary>
    public void LinkOpened(int link, PeerAddress address, bool outbound, bool fast, TimeSpan now)
    {
        Note(now);
        var opened = new SwarmLink(link, address, outbound, fast, now);
        SwarmCloseReason refusal = Refusal(opened, now);
        if (_links.Count == 0)
            _nextTick = now;
        _links.Add(opened);
        _dialer.Opened(opened, now);
        if (refusal != SwarmCloseReason.None)
        {
            Close(opened, refusal);
            return;
        }
        if (_desk.Work is { } work)
            opened.Pieces.TryArm(work.Map.PieceCount);
        opened.IsSuspect = _blame.IsSuspect(PeerKey.ForBlame(address));
        _conversation.Greet(opened);
    }

    /// <summary>The link is over. <paramref name="wasFailure"/>: it never became useful (refused, timed out, broke the protocol).</summary>
    public void LinkClosed(int link, bool wasFailure, TimeSpan now)
    {
        Note(now);
        if (_links.Find(link) is not { } closed)
            return;
        Leave(closed);
        _links.Remove(closed);
        _dialer.Closed(closed, wasFailure, now);
    }

    public void DialFailed(PeerAddress address, TimeSpan now)
    {
        Note(now);
        _dialer.Failed(address, now);
    }

    /// <summary>Takes a message of BEP 3 or BEP 6; others are ignored. On an error the owner closes the link.</summary>
    public SwarmError Handle(int link, in PeerMessage message, TimeSpan now)
    {
        Note(now);
        if (_links.Find(link) is not { } from)
            return SwarmError.UnknownLink;
        if (from.IsClosing)
            return SwarmError.None;
        SwarmError error = _conversation.Handle(from, message, now);
        if (IsComplete && message.Kind is PeerMessageKind.Have or PeerMessageKind.Bitfield or PeerMessageKind.HaveAll)
            CloseIfUseless(from);
        return error;
    }

    /// <summary>Blocks came in on the link, which has <paramref name="outstanding"/> leases left.</summary>
    public void BlocksReceived(int link, ReadOnlySpan<BlockReceipt> blocks, int outstanding, TimeSpan now)
    {
        Note(now);
        if (_links.Find(link) is { IsClosing: false } from)
            _desk.Receive(from, blocks, now);
    }

    /// <summary>Blocks of a lease that the write budget had no room for; tell <see cref="DiskBusy"/> as well.</summary>
    public void LeaseRefused(int link, ReadOnlySpan<BlockAddress> blocks, TimeSpan now)
    {
        Note(now);
        if (_links.Find(link) is { } supplier)
            _desk.Refused(supplier, blocks);
    }

    /// <summary>Bytes of blocks that the link has sent to the peer since it opened.</summary>
    public void SetUploaded(int link, long totalBytes, TimeSpan now)
    {
        if (_links.Find(link) is { } to && totalBytes > to.Upload.TotalBytes)
        {
            to.Upload.Add(totalBytes - to.Upload.TotalBytes, now);
            to.Moved(now);
        }
    }

    /// <summary>The peer takes this many requests at once (<c>reqq</c> of BEP 10).</summary>
    public void SetRequestLimit(int link, int requests) => _links.Find(link)?.Window.SetLimit(requests);

    /// <summary>The peer downloads nothing more (BEP 21).</summary>
    public void SetUploadOnly(int link, bool uploadOnly, TimeSpan now)
    {
        Note(now);
        if (_links.Find(link) is not { } peer)
            return;
        peer.UploadOnly = uploadOnly;
        if (IsComplete)
            CloseIfUseless(peer);
    }

    /// <summary>Where an inbound peer listens (<c>p</c> of BEP 10); so it can be dialed later and told to others.</summary>
    public void SetListenPort(int link, ushort port, TimeSpan now)
    {
        Note(now);
        if (port != 0 && _links.Find(link) is { IsOutbound: false, IsClosing: false } peer)
            _dialer.Listens(peer, peer.Address.WithPort(port), now);
    }

    /// <summary>The peer takes peer exchange messages (BEP 11).</summary>
    public void SetTakesPex(int link, bool takes)
    {
        if (_links.Find(link) is { } peer)
            peer.TakesPex = takes;
    }

    /// <summary>The piece is verified and kept.</summary>
    public void PieceVerified(int piece, TimeSpan now)
    {
        Note(now);
        if (_desk.Work is not { } work || work.Have[piece])
            return;
        _writes.Succeeded();
        Rehold();
        bool wasComplete = work.IsComplete;
        bool wasMissing = work.Missing[piece];
        _desk.Verified(piece);
        _conversation.Gained(piece, wasMissing, now);
        if (!wasComplete && work.IsComplete)
            Completed();
    }

    /// <summary>Whether <see cref="PieceGood"/> is wanted with the piece's block hashes, because it was bad before.</summary>
    public bool WantsDigests(int piece) => _blame.IsWatched(piece);

    /// <summary>The piece was bad. Who gave which block, with the hash of what was given, finds out who is to go.</summary>
    public void PieceFailed(int piece, ReadOnlySpan<BlockContribution> contributions, TimeSpan now)
    {
        Note(now);
        _given.Clear();
        foreach (BlockContribution contribution in contributions)
        {
            if (_links.TryFindAddress(contribution.Link, out PeerAddress address))
                _given.Add(new Accusation(contribution.Block, PeerKey.ForBlame(address), contribution.Digest));
        }
        _desk.Failed(piece, now);
        // A giver that is not known any more could be the guilty one, so nobody is the only one.
        bool allKnown = _given.Count == contributions.Length;
        if (_blame.Failed(piece, _given, allKnown) is { } guilty)
            Ban(guilty);
        MarkSuspects();
    }

    /// <summary>The hashes of the blocks of a piece that is good now and was bad before.</summary>
    public void PieceGood(int piece, ReadOnlySpan<BlockContribution> contributions, TimeSpan now)
    {
        Note(now);
        _guilty.Clear();
        _blame.Good(piece, contributions, _guilty);
        foreach (PeerAddress guilty in _guilty)
            Ban(guilty);
        MarkSuspects();
    }

    /// <summary>The piece could not be kept: it is fetched again after a while, as is everything else unless other pieces are kept; nobody is to blame.</summary>
    public void PieceWriteFailed(int piece, TimeSpan now)
    {
        Note(now);
        if (_desk.Work is not { } work || work.Have[piece])
            return;
        if (work.Open.TryGetValue(piece, out OpenPiece? open))
            _desk.Drop(open);
        else
            work.Order?.Remove(piece);
        TimeSpan until = _writes.Failed(now);
        Rehold();
        work.Rest(piece, until);
        _resting = Earlier(_resting, until);
    }

    /// <summary>A piece that was verified is not good on disk any more.</summary>
    public void PieceLost(int piece, TimeSpan now)
    {
        Note(now);
        if (_desk.Work is not { } work)
            return;
        bool wasComplete = work.IsComplete;
        if (!work.TryLose(piece, _links.All))
            return;
        _conversation.Lost();
        ReconsiderAll(wasComplete, now);
    }

    public void Advance(TimeSpan now)
    {
        Note(now);
        _conversation.Advance(now);
        if (now < _nextTick)
            return;
        Rehold();
        _desk.Tick(now);
        _choker.Advance(now);
        if (!IsPrivate)
            _pex.Advance(now);
        EndUseless(now);
        _dialer.Advance(seedsHelp: !IsComplete);
        if (_desk.Work is { } work && now >= _resting)
        {
            _resting = work.EndRests(now);
            _desk.WakeHungry();
        }
        _nextTick = now + (IsComplete && _choker.Unchoked == 0 ? IdleTick : BusyTick);
    }

    public LinkSnapshot? Link(int link, TimeSpan now) => _links.Find(link) is not { } peer ? null : new LinkSnapshot
    {
        Address = peer.Address,
        IsOutbound = peer.IsOutbound,
        IsSeed = peer.IsSeed,
        PieceCount = peer.Pieces.IsWhole ? _desk.Work?.Map.PieceCount ?? 0 : peer.Pieces.Set?.Count ?? 0,
        AmInterested = peer.AmInterested,
        AmUnchoking = peer.AmUnchoking,
        PeerInterested = peer.PeerInterested,
        PeerChoking = peer.PeerChoking,
        IsSnubbed = peer.IsSnubbed,
        DownloadRate = peer.Download.BytesPerSecond(now),
        UploadRate = peer.Upload.BytesPerSecond(now),
        Downloaded = peer.Download.TotalBytes,
        Uploaded = peer.Upload.TotalBytes,
        BlocksInFlight = peer.Requests.Count,
        Window = peer.Window.Size,
        GoodPieces = peer.GoodPieces,
    };

    private SwarmCloseReason Refusal(SwarmLink link, TimeSpan now)
    {
        if (IsPaused)
            return SwarmCloseReason.Paused;
        if (_pool.IsBanned(link.Address) || _pool.IsPutOut(link.Address, now))
            return SwarmCloseReason.Banned;
        if (_pool.IsPrivate && link.IsOutbound && _pool.Find(link.Address) is null)
            return SwarmCloseReason.Private;
        if (IsDuplicate(link, now))
            return SwarmCloseReason.Duplicate;
        return OpenLinks() < _dialer.Budget.MaxLinks || (!link.IsOutbound && TryYield(link.Address, now)) ? SwarmCloseReason.None : SwarmCloseReason.OverBudget;
    }

    private bool IsDuplicate(SwarmLink link, TimeSpan now)
    {
        if (_options.SeveralPerAddress || link.Address.Classify() != AddressClass.Global)
            return false;
        // Two links that open at the same moment are the two ends dialing each other; the owner chooses by peer id.
        foreach (SwarmLink other in _links.All)
        {
            if (!other.IsClosing && other.Address.WithPort(0) == link.Address.WithPort(0) && now - other.OpenedAt > TimeSpan.FromSeconds(10))
                return true;
        }
        return false;
    }

    private int OpenLinks()
    {
        int open = 0;
        foreach (SwarmLink link in _links.All)
            open += link.IsClosing ? 0 : 1;
        return open;
    }

    /// <summary>Whether a full swarm has a link that would give its place to this newcomer, who came by itself.</summary>
    public bool WouldYieldTo(PeerAddress newcomer, TimeSpan now) => (_turnover.FindFor(newcomer, now) ?? FindWeaker(newcomer)) is not null;

    /// <summary>Ends that link.</summary>
    public void YieldTo(PeerAddress newcomer, TimeSpan now)
    {
        Note(now);
        TryYield(newcomer, now);
    }

    /// <summary>Of the inbound links over which nothing moves, that of the lowest canonical priority, if it is below the newcomer's (BEP 40).</summary>
    private SwarmLink? FindWeaker(PeerAddress newcomer)
    {
        if (_pool.PriorityOf(newcomer) is not { } lowest)
            return null;
        SwarmLink? weakest = null;
        foreach (SwarmLink link in _links.All)
        {
            if (link.IsClosing || link.IsOutbound || link.AmUnchoking || link.Requests.Count > 0 || _pool.PriorityOf(link.Address) is not { } priority || priority >= lowest)
                continue;
            (weakest, lowest) = (link, priority);
        }
        return weakest;
    }

    private bool TryYield(PeerAddress newcomer, TimeSpan now)
    {
        if (_turnover.FindFor(newcomer, now) is { } idle)
            Replace(idle, now);
        else if (FindWeaker(newcomer) is { } weakest)
            Close(weakest, SwarmCloseReason.OverBudget);
        else
            return false;
        return true;
    }

    private void Replace(SwarmLink idle, TimeSpan now)
    {
        _turnover.PutOff(idle, now);
        Close(idle, SwarmCloseReason.Idle);
    }

    private void Close(SwarmLink link, SwarmCloseReason reason)
    {
        if (link.IsClosing)
            return;
        Leave(link);
        _outbox.Close(link.Id, reason);
    }

    /// <summary>Everything that the link held or counted for is taken back; once.</summary>
    private void Leave(SwarmLink link)
    {
        if (link.IsClosing)
            return;
        link.IsClosing = true;
        link.IsHungry = false;
        _desk.ReleaseAll(link, cancel: false);
        _desk.Work?.Order?.RemovePeer(link.Pieces);
        _choker.Gone(link, _now);
    }

    private void Ban(PeerAddress blamed)
    {
        if (_pool.IsBanned(blamed))
            return;
        _pool.Ban(blamed);
        _outbox.Ban(blamed);
        CloseAll(blamed);
    }

    /// <summary>Who was behind the link, open or closed, is neither dialed nor let in until then; its links end.</summary>
    public void PutOut(int link, TimeSpan until, TimeSpan now)
    {
        Note(now);
        if (!_links.TryFindAddress(link, out PeerAddress address))
            return;
        PeerAddress blamed = PeerKey.ForBlame(address);
        _pool.PutOut(blamed, until);
        CloseAll(blamed);
    }

    private void CloseAll(PeerAddress blamed)
    {
        for (int i = _links.Count - 1; i >= 0; i--)
        {
            if (PeerKey.ForBlame(_links.All[i].Address) == blamed)
                Close(_links.All[i], SwarmCloseReason.Banned);
        }
    }

    private void MarkSuspects()
    {
        foreach (SwarmLink link in _links.All)
            link.IsSuspect = _blame.IsSuspect(PeerKey.ForBlame(link.Address));
    }

    private void Completed()
    {
        _choker.IsSeeding = true;
        _conversation.TellHaves();
        _outbox.Add(new SwarmOutput(SwarmOutputKind.Completed));
        for (int i = _links.Count - 1; i >= 0; i--)
            CloseIfUseless(_links.All[i]);
    }

    private void CloseIfUseless(SwarmLink link)
    {
        if (link.IsSeed || (link.UploadOnly && link.KnowsOurs))
            Close(link, SwarmCloseReason.BothComplete);
    }

    private void ReconsiderAll(bool wasComplete, TimeSpan now)
    {
        foreach (SwarmLink link in _links.All)
            _conversation.Reconsider(link, now);
        _choker.IsSeeding = IsComplete;
        if (!wasComplete && IsComplete)
            Completed();
        _dialer.Wake();
        WakeAll();
    }

    private void EndUseless(TimeSpan now)
    {
        bool isFirst = _nextForget == TimeSpan.Zero, forget = !isFirst && now >= _nextForget;
        if (isFirst || forget)
            _nextForget = now + ForgetRefusalsEvery;
        for (int i = _links.Count - 1; i >= 0; i--)
        {
            SwarmLink link = _links.All[i];
            if (forget)
            {
                link.ForgetRefusals();
                _desk.Wake(link);
            }
            if (_dialer.OthersWait && link is { IsSnubbed: true, PeerInterested: false } && now - link.SnubbedAt >= SnubbedTooLong)
                Close(link, SwarmCloseReason.Snubbed);
        }
        if (_desk.IsHeld)
            _turnover.Excuse(now);
        // One at a time: whoever waits may be fewer than those who are idle.
        else if (_dialer.OthersWait && OpenLinks() == _links.Count && _turnover.FindIdle(now) is { } idle)
            Replace(idle, now);
    }
}
