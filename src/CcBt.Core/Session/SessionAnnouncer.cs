using CcBt.Core.Addressing;
using CcBt.Core.Trackers;

namespace CcBt.Core.Session;

/// <summary>A session's trackers: the schedule decides, the edge announces, what comes back goes to the discovery door.</summary>
internal sealed class SessionAnnouncer(SessionCore session)
{
    private AnnounceSchedule? _schedule;
    private TrackerUrl? _privateTracker;

    public TimeSpan NextDeadline => _schedule?.NextDeadline ?? TimeSpan.MaxValue;

    /// <summary>No announce is running and none is planned.</summary>
    public bool IsSilent => _schedule?.IsStopped ?? true;

    /// <summary>Begins to announce; the first announce to each tracker says started.</summary>
    public void Resume(TimeSpan now)
    {
        if (!session.Core.Options.EnableTrackers)
            return;
        _schedule ??= Create();
        _schedule.Counters = Counters();
        _schedule.Start(now);
        Take();
    }

    public void Stop(TimeSpan now)
    {
        if (_schedule is null)
            return;
        _schedule.Counters = Counters();
        _schedule.Stop(now);
        Take();
    }

    /// <summary>The machine is on another network: trackers learn our new address.</summary>
    public void NetworkChanged(TimeSpan now)
    {
        if (_schedule is not { IsRunning: true })
            return;
        _schedule.Counters = Counters();
        _schedule.NetworkChanged(now);
        Take();
    }

    /// <summary>All was there before anything was downloaded: trackers, which may take us for a leech, hear of it at once.</summary>
    public void FoundComplete(TimeSpan now)
    {
        if (_schedule is null)
            return;
        _schedule.Counters = Counters();
        _schedule.TellNews(now);
        Take();
    }

    public void Completed(TimeSpan now)
    {
        if (_schedule is null)
            return;
        _schedule.Counters = Counters();
        _schedule.Completed(now);
        Take();
    }

    /// <summary>The torrent turned out to be private: one tracker at a time from now on.</summary>
    public void TurnPrivate(TimeSpan now)
    {
        if (_schedule is null)
            return;
        _schedule.TurnPrivate(now);
        _privateTracker = _schedule.PrivateTracker;
        Take();
    }

    public void Advance(TimeSpan now)
    {
        if (_schedule is null || now < NextDeadline)
            return;
        _schedule.Counters = Counters();
        // A seed wants peers, too, while it has few: behind a NAT nobody comes to it.
        bool hasEnough = session.Progress.IsComplete && session.Links.Count >= Limits.SeedEnoughLinks;
        _schedule.WantedPeers = hasEnough ? 0 : Limits.TrackerPeersPerAnswer;
        _schedule.Advance(now);
        Take();
    }

    public void Ended(AnnounceResult result, TimeSpan now)
    {
        string outcome = result.IsSuccess ? $"{result.Reply!.Peers.Count} peers" : result.Message ?? result.Failure.ToString();
        // Without its path, which can hold a pass key.
        ClientLog.Announced(session.Logger, session.InfoHash, result.Order.Tracker.ToString(), outcome);
        _schedule?.Handle(result, now);
        Take();
        FollowPrivateTracker(now);
        if (result is not { IsSuccess: true, Reply: { } reply } || !session.TakesPeers || (_privateTracker is { } only && only != result.Order.Tracker))
            return;
        if (reply.ExternalAddress is { } external)
            session.Core.NoteExternalAddress(external);
        PeerAddress[] credible = [.. reply.Peers.Where(p => IsCredible(p, result.Tracker))];
        session.Front.Door.Report(KnockSource.Tracker, credible, lookupEnded: true);
    }

    public IReadOnlyList<TrackerStatus> Snapshot(TimeSpan now)
        => _schedule is null ? [] : [.. _schedule.Snapshot(now).Select(t => new TrackerStatus
        {
            Url = t.Url,
            Tier = t.Tier,
            Error = t.Error,
            Seeds = t.Seeds,
            Leeches = t.Leeches,
            NextAnnounce = t.NextAnnounce,
        })];

    /// <summary>The peers of a private torrent belong to the tracker that named them (BEP 27).</summary>
    private void FollowPrivateTracker(TimeSpan now)
    {
        if (_schedule?.PrivateTracker is not { } tracker || tracker == _privateTracker)
            return;
        if (_privateTracker is not null)
            session.Swarm.ForgetPeers(now);
        _privateTracker = tracker;
    }

    /// <summary>A tracker out in the Internet has no business naming addresses inside our network.</summary>
    private static bool IsCredible(PeerAddress peer, PeerAddress? tracker)
        => peer.Classify() == AddressClass.Global || (tracker is { } t && t.Classify() != AddressClass.Global);

    private AnnounceSchedule Create()
    {
        var tiers = new List<List<TrackerUrl>>();
        IEnumerable<IEnumerable<string>> named = session.Setup.Torrent?.Trackers ?? (session.Setup.Magnet?.Trackers ?? []).Select(t => (IReadOnlyList<string>)[t]).ToArray();
        foreach (IEnumerable<string> tier in named.Concat(session.Options.Trackers.Select(t => (IEnumerable<string>)[t])))
        {
            var usable = new List<TrackerUrl>();
            foreach (string text in tier)
            {
                if (TrackerUrl.TryParse(text, out TrackerUrl? url, out _))
                    usable.Add(url);
            }
            if (usable.Count > 0)
                tiers.Add(usable);
        }
        var plan = new AnnouncePlan
        {
            PeerId = session.Core.PeerId.ToArray(),
            Key = (uint)session.Core.Random.NextInt64(1L << 32),
            Routes = [.. session.Core.ListenAddresses.Select(a => new AnnounceRoute(session.InfoHash, a.WithPort(0), a.Port))],
            IsPrivate = session.IsPrivate,
            UsesAllTiers = session.Torrent is null,
        };
        return new AnnounceSchedule(plan, tiers, session.Core.Random);
    }

    private AnnounceCounters Counters()
    {
        SessionProgress progress = session.Progress;
        long left = progress.Have is null ? long.MaxValue : progress.SelectedBytes - progress.VerifiedBytes;
        bool isPartial = progress is { IsComplete: true, Have.IsFull: false };
        return new AnnounceCounters(session.Traffic.UploadedBytes - session.Traffic.UploadedBefore, session.Traffic.DownloadedBytes - session.Traffic.DownloadedBefore, left, isPartial);
    }

    private void Take()
    {
        while (_schedule!.TryTake(out AnnounceOrder order))
            session.Core.Announces.Announce(session, order);
    }
}
