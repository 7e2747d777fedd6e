namespace CcBt.Core.Trackers;

/// <summary>
/// Decides for one torrent which tracker is told what, and when (BEP 3, 12, 27, 31). Feed it with <see cref="Handle"/> and
/// <see cref="Advance"/>, and take what it wants made after each call. Starts stopped.
/// </summary>
internal sealed class AnnounceSchedule
{
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(Limits.StoppedAnnounceSeconds);
    private readonly Random _random;
    private readonly TrackerTiers _tiers;
    private readonly List<RouteSchedule> _routes;
    private readonly Queue<AnnounceOrder> _orders = new();
    private AnnouncePlan _plan;
    private TimeSpan? _goodbyesEnd;
    private TimeSpan _now;
    private int _lastNumber;

    public AnnounceSchedule(AnnouncePlan plan, IEnumerable<IEnumerable<TrackerUrl>> tiers, Random random)
    {
        _plan = plan;
        _random = random;
        _tiers = new TrackerTiers(tiers, random);
        _routes = [.. plan.Routes.Select(route => new RouteSchedule(route))];
        for (int tier = 0; tier < _tiers.Count; tier++)
        {
            foreach (TrackerUrl tracker in _tiers[tier])
                _routes.ForEach(route => route.Add(tracker, TimeSpan.Zero));
        }
    }

    /// <summary>What the next announces report; keep it up to date.</summary>
    public AnnounceCounters Counters { get; set; } = new(0, 0, long.MaxValue);

    /// <summary>How many peers to ask for.</summary>
    public int WantedPeers { get; set; } = Limits.TrackerPeersPerAnswer;

    public bool IsRunning { get; private set; }

    /// <summary>Not running, and no goodbye is under way.</summary>
    public bool IsStopped => !IsRunning && _goodbyesEnd is null;

    /// <summary>The one tracker that a private torrent uses now. When it changes, all peers of the former one must go (BEP 27).</summary>
    public TrackerUrl? PrivateTracker { get; private set; }

    /// <summary>When <see cref="Advance"/> has something to do; null when nothing is planned.</summary>
    public TimeSpan? NextDeadline { get; private set; }

    /// <summary>Begins to announce, also again after <see cref="Stop"/>. The first announce to each tracker says started.</summary>
    public void Start(TimeSpan now)
    {
        if (IsRunning)
            return;
        IsRunning = true;
        _goodbyesEnd = null;
        _orders.Clear();
        foreach (TrackerState state in States())
            state.Start(now);
        Advance(now);
    }

    /// <summary>Says goodbye to the trackers that know us; it takes 5 s at most, then <see cref="IsStopped"/> is true.</summary>
    public void Stop(TimeSpan now)
    {
        if (!IsRunning)
            return;
        _now = now;
        IsRunning = false;
        HashSet<int> untaken = [.. _orders.Select(order => order.Number)];
        _orders.Clear();
        PrivateTracker = null;
        foreach (RouteSchedule route in _routes)
        {
            foreach (TrackerState state in route.States)
            {
                if (state.InFlight is not null && untaken.Contains(state.InFlight.Number))
                    state.Abandon();
                bool isKnown = state.IsKnown(now);
                state.Abandon();
                if (isKnown && !state.IsDisabled)
                    Order(route, state, AnnounceEvent.Stopped);
            }
        }
        _goodbyesEnd = now + GoodbyeLimit;
        EndGoodbyes(now);
    }

    /// <summary>The metadata says that the torrent is private: from now on one tracker is used at a time (BEP 27), first one that works already.</summary>
    public void TurnPrivate(TimeSpan now)
    {
        if (_plan.IsPrivate)
            return;
        _plan = _plan with { IsPrivate = true };
        for (int tier = 0; tier < _tiers.Count; tier++)
            PrivateTracker ??= _tiers[tier].FirstOrDefault(tracker => _routes.Exists(route => route[tracker].IsWorking));
        Advance(now);
    }

    /// <summary>The download is complete: trackers that know us as a leech hear of it at once.</summary>
    public void Completed(TimeSpan now)
    {
        foreach (TrackerState state in States())
            state.Complete(now);
        Advance(now);
    }

    /// <summary>Announces as soon as each tracker's minimum interval allows, for the user.</summary>
    public void AnnounceNow(TimeSpan now)
    {
        foreach (TrackerState state in States())
            state.Hasten(now);
        Advance(now);
    }

    /// <summary>What the next announces report has changed in a way that trackers should know of soon.</summary>
    public void TellNews(TimeSpan now)
    {
        foreach (TrackerState state in States())
            state.TellNews(now);
        Advance(now);
    }

    /// <summary>The machine is on another network: every tracker that knows us is told once, and those that failed are tried again soon.</summary>
    public void NetworkChanged(TimeSpan now)
    {
        foreach (TrackerState state in States())
            state.NetworkChanged(now);
        Advance(now);
    }

    /// <summary>Adds a tracker to a tier, or behind the last one. False when it is there already or there are too many.</summary>
    public bool Add(TrackerUrl tracker, int tier, TimeSpan now)
    {
        if (!_tiers.Add(tracker, tier))
            return false;
        _routes.ForEach(route => route.Add(tracker, now));
        Advance(now);
        return true;
    }

    /// <summary>Takes note of how an order ended. Results of orders that were given up are ignored.</summary>
    public void Handle(AnnounceResult result, TimeSpan now)
    {
        TrackerState? state = _routes.Find(r => r.Route == result.Order.Route)?[result.Order.Tracker];
        if (state?.InFlight?.Number != result.Order.Number)
            return;
        if (result.Order.Request.Event == AnnounceEvent.Stopped)
        {
            state!.Abandon();
            EndGoodbyes(now);
            return;
        }
        if (result is { IsSuccess: true, Reply: not null })
            Succeed(state!, result, now);
        else
            Fail(state!, result.Message ?? result.Failure.ToString(), result.Reply, now);
        Advance(now);
    }

    public void Advance(TimeSpan now)
    {
        _now = now;
        if (!IsRunning)
        {
            EndGoodbyes(now);
            return;
        }
        foreach (TrackerState state in States())
        {
            if (state.InFlight is not null && state.LostAt <= now)
                Fail(state, "The announce was lost.", null, now);
        }
        NextDeadline = null;
        foreach (RouteSchedule route in _routes)
        {
            TimeSpan? next = route.Walk(_tiers, _plan is { UsesAllTiers: true, IsPrivate: false }, !_plan.IsPrivate, PrivateTracker, now, Order);
            if (next is not null && (NextDeadline is null || next < NextDeadline))
                NextDeadline = next;
        }
    }

    public bool TryTake(out AnnounceOrder order) => _orders.TryDequeue(out order!);

    public IReadOnlyList<TrackerSnapshot> Snapshot(TimeSpan now)
    {
        var snapshot = new List<TrackerSnapshot>();
        for (int tier = 0; tier < _tiers.Count; tier++)
            snapshot.AddRange(_tiers[tier].Select(tracker => Snapshot(tracker, tier, now)));
        return snapshot;
    }

    private TrackerSnapshot Snapshot(TrackerUrl tracker, int tier, TimeSpan now)
    {
        TrackerState[] states = [.. _routes.Select(route => route[tracker])];
        TrackerState[] planned = [.. states.Where(s => IsRunning && s.IsReached && !s.IsDisabled)];
        TrackerState? best = Array.Find(states, s => s.IsWorking) ?? states.FirstOrDefault();
        TimeSpan? next = planned.Length == 0 ? null : planned.Min(s => s.NextAnnounce) - now;
        return new TrackerSnapshot(tracker.Text, tier, best?.Error, best?.LastReply?.Warning,
            states.Max(s => s.LastReply?.Seeds), states.Max(s => s.LastReply?.Leeches),
            next < TimeSpan.Zero ? TimeSpan.Zero : next);
    }

    private void Succeed(TrackerState state, AnnounceResult result, TimeSpan now)
    {
        state.Succeeded(result.Order, result.Reply!, now);
        _tiers.Promote(state.Tracker);
        if (_plan.IsPrivate)
            PrivateTracker ??= state.Tracker;
    }

    private void Fail(TrackerState state, string error, AnnounceReply? reply, TimeSpan now)
    {
        state.Failed(error, reply, now, _random);
        // One family without a way to the tracker is no reason to leave it while another is served.
        if (PrivateTracker == state.Tracker && !_routes.Exists(route => route[state.Tracker].IsWorking))
            PrivateTracker = null;
    }

    private void Order(RouteSchedule route, TrackerState state) => Order(route, state, state.NextEvent(Counters.IsPartialSeed));

    private void Order(RouteSchedule route, TrackerState state, AnnounceEvent announceEvent)
    {
        bool isGoodbye = announceEvent == AnnounceEvent.Stopped;
        var request = new AnnounceRequest
        {
            InfoHash = route.Route.InfoHash,
            PeerId = _plan.PeerId,
            Port = route.Route.Port,
            UploadedBytes = Counters.UploadedBytes,
            DownloadedBytes = Counters.DownloadedBytes,
            LeftBytes = Counters.LeftBytes,
            Event = announceEvent,
            Key = _plan.Key,
            WantedPeers = isGoodbye ? 0 : WantedPeers,
            TrackerId = state.TrackerId,
        };
        TimeSpan limit = isGoodbye ? GoodbyeLimit
            : TimeSpan.FromSeconds(state.Tracker.IsHttp ? Limits.HttpAnnounceSeconds : Limits.UdpAnnounceSeconds);
        var order = new AnnounceOrder(++_lastNumber, state.Tracker, route.Route, request, limit);
        state.Sent(order, _now);
        _orders.Enqueue(order);
    }

    private void EndGoodbyes(TimeSpan now)
    {
        if (_goodbyesEnd <= now || !States().Any(s => s.InFlight is not null))
        {
            _goodbyesEnd = null;
            foreach (TrackerState state in States())
                state.Abandon();
        }
        NextDeadline = _goodbyesEnd;
    }

    private IEnumerable<TrackerState> States() => _routes.SelectMany(route => route.States);
}
