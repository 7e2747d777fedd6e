namespace CcBt.Core.Trackers;

/// <summary>What the schedule knows of one tracker over one route.</summary>
internal sealed class TrackerState(TrackerUrl tracker)
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(Limits.AnnounceBackoffFirstSeconds);
    private TimeSpan _earliestManual;
    private TimeSpan _lastSent = TimeSpan.MinValue;
    private TimeSpan _registeredUntil;
    private TimeSpan _retryAt = TimeSpan.MinValue;
    private bool _completedPending;
    private bool _owesNews;

    public TrackerUrl Tracker { get; } = tracker;

    /// <summary>The order that is under way; null when none is.</summary>
    public AnnounceOrder? InFlight { get; private set; }

    public int Failures { get; private set; }

    /// <summary>The tracker has taken our start, so it knows us.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>It asked never to be asked again (BEP 31).</summary>
    public bool IsDisabled { get; private set; }

    public TimeSpan NextAnnounce { get; private set; }

    /// <summary>The last walk over the tiers came to this tracker.</summary>
    public bool IsReached { get; set; }

    public string? Error { get; private set; }

    public AnnounceReply? LastReply { get; private set; }

    public ReadOnlyMemory<byte> TrackerId { get; private set; }

    public TimeSpan SlowAt => _lastSent + TimeSpan.FromSeconds(Limits.AnnounceSlowSeconds);

    /// <summary>When an order counts as lost although nobody said how it ended.</summary>
    public TimeSpan LostAt => _lastSent + (InFlight?.Limit ?? TimeSpan.Zero) + TimeSpan.FromSeconds(Limits.TrackerQueueSeconds + Limits.HttpAnnounceSeconds);

    public bool IsWorking => Failures == 0 && LastReply is not null;

    /// <summary>Whether a goodbye is due: the tracker knows us, or is just being told.</summary>
    public bool IsKnown(TimeSpan now) => InFlight is not null || (IsStarted && _registeredUntil > now);

    public AnnounceEvent NextEvent(bool isPartialSeed) => !IsStarted ? AnnounceEvent.Started
        : _completedPending ? AnnounceEvent.Completed
        : isPartialSeed ? AnnounceEvent.Paused
        : AnnounceEvent.None;

    public void Start(TimeSpan now)
    {
        IsStarted = false;
        _completedPending = false;
        InFlight = null;
        NextAnnounce = Failures == 0 ? now : Latest(now, _lastSent + FirstBackoff);
    }

    public void Sent(AnnounceOrder order, TimeSpan now)
    {
        InFlight = order;
        _lastSent = now;
    }

    public void Succeeded(AnnounceOrder order, AnnounceReply reply, TimeSpan now)
    {
        InFlight = null;
        Failures = 0;
        Error = null;
        LastReply = reply;
        if (!reply.TrackerId.IsEmpty)
            TrackerId = reply.TrackerId;
        TimeSpan interval = Interval(reply);
        NextAnnounce = now + interval;
        _earliestManual = now + (reply.MinInterval ?? TimeSpan.FromSeconds(Limits.AnnounceManualLeastSeconds));
        _registeredUntil = now + 2 * interval;
        if (order.Request.Event == AnnounceEvent.Completed)
            _completedPending = false;
        if (order.Request.Event == AnnounceEvent.Started)
        {
            IsStarted = true;
            // A tracker that first hears of us when all is there has no download of ours to count.
            _completedPending &= order.Request.LeftBytes > 0;
        }
        if (_completedPending || _owesNews)
            NextAnnounce = now;
        _owesNews = false;
    }

    public void Failed(string error, AnnounceReply? reply, TimeSpan now, Random random)
    {
        InFlight = null;
        Error = error;
        Failures++;
        double seconds = Math.Min(Limits.AnnounceBackoffMostSeconds, Limits.AnnounceBackoffFirstSeconds * Math.Pow(2, Math.Min(Failures - 1, 20)));
        NextAnnounce = now + TimeSpan.FromSeconds(seconds * (0.8 + 0.2 * random.NextDouble()));
        _earliestManual = now + FirstBackoff;
        if (reply?.RetryIn is TimeSpan retry)
        {
            _retryAt = now + retry;
            NextAnnounce = Latest(NextAnnounce, _retryAt);
            _earliestManual = now + retry;
        }
        IsDisabled |= reply?.NeverRetry == true;
    }

    public void Complete(TimeSpan now)
    {
        _completedPending = true;
        if (IsStarted && Failures == 0)
            NextAnnounce = now;
    }

    /// <summary>Brings the next announce forward as far as the tracker allows.</summary>
    public void Hasten(TimeSpan now)
    {
        TimeSpan earliest = Latest(now, _earliestManual);
        if (earliest < NextAnnounce)
            NextAnnounce = earliest;
    }

    /// <summary>What failed on the former network says little: the backoff begins anew. Who knows us is told as soon as it allows.</summary>
    public void NetworkChanged(TimeSpan now)
    {
        if (Failures == 0)
        {
            Hasten(now);
            return;
        }
        Failures = 1;
        TimeSpan retry = Latest(now, _lastSent + FirstBackoff);
        if (_retryAt <= retry && retry < NextAnnounce)
            NextAnnounce = retry;
    }

    /// <summary>
    /// There is news that is no event, once in a session. Like an event it does not wait for the tracker's least interval, which can be half an hour, and it
    /// goes out also behind an announce that is under way without it.
    /// </summary>
    public void TellNews(TimeSpan now)
    {
        _owesNews = InFlight is not null;
        if (Failures == 0 && now < NextAnnounce)
            NextAnnounce = now;
    }

    public void Abandon() => InFlight = null;

    private static TimeSpan Interval(AnnounceReply reply)
    {
        double asked = reply.Interval?.TotalSeconds ?? Limits.AnnounceIntervalDefaultSeconds;
        asked = Math.Max(asked, reply.MinInterval?.TotalSeconds ?? 0);
        return TimeSpan.FromSeconds(Math.Clamp(asked, Limits.AnnounceIntervalLeastSeconds, Limits.AnnounceIntervalMostSeconds));
    }

    private static TimeSpan Latest(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
