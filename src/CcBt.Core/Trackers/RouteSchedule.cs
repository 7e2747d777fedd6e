namespace CcBt.Core.Trackers;

/// <summary>One route's way through the tiers.</summary>
internal sealed class RouteSchedule(AnnounceRoute route)
{
    private readonly Dictionary<TrackerUrl, TrackerState> _states = [];

    public AnnounceRoute Route { get; } = route;

    public IEnumerable<TrackerState> States => _states.Values;

    public TrackerState this[TrackerUrl tracker] => _states[tracker];

    public void Add(TrackerUrl tracker, TimeSpan now)
    {
        var state = new TrackerState(tracker);
        state.Start(now);
        _states.Add(tracker, state);
    }

    /// <summary>
    /// Goes down the tiers to the first tracker that works, is being asked, or may be asked now, and asks it in the latter case. Failed ones are passed over
    /// until their backoff has passed, slow ones are left to answer beside the next.
    /// </summary>
    /// <returns>When to walk again; only what the walk came to can change its course.</returns>
    public TimeSpan? Walk(TrackerTiers tiers, bool usesAllTiers, bool passesSlow, TrackerUrl? only, TimeSpan now, Action<RouteSchedule, TrackerState> order)
    {
        TimeSpan? next = null;
        foreach (TrackerState state in _states.Values)
            state.IsReached = false;
        for (int tier = 0; tier < tiers.Count; tier++)
        {
            if (WalkTier(tiers[tier], passesSlow, only, now, order, ref next) && !usesAllTiers)
                break;
        }
        return next;
    }

    private bool WalkTier(IReadOnlyList<TrackerUrl> tier, bool passesSlow, TrackerUrl? only, TimeSpan now, Action<RouteSchedule, TrackerState> order, ref TimeSpan? next)
    {
        foreach (TrackerUrl tracker in tier)
        {
            TrackerState state = _states[tracker];
            if (state.IsDisabled || (only is not null && only != tracker))
                continue;
            state.IsReached = true;
            if (state.InFlight is null && state.NextAnnounce <= now)
                order(this, state);
            bool isSlow = passesSlow && state.InFlight is not null && state.SlowAt <= now;
            TimeSpan due = state.InFlight is null ? state.NextAnnounce : passesSlow && !isSlow ? state.SlowAt : state.LostAt;
            if (next is null || due < next)
                next = due;
            if (state.InFlight is not null ? !isSlow : state.Failures == 0)
                return true;
        }
        return false;
    }
}
