using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

/// <summary>
/// How many requests to keep open at a supplier: two seconds of its rate, at least two round trips. It starts by
/// growing one for each block that comes (so it doubles each window) until the rate no longer follows.
/// </summary>
internal sealed class RequestWindow
{
    private const int First = 16;
    private const int Least = 2;
    private const double QueueSeconds = 2;

    private bool _isGrowing = true;
    private bool _isRejected;
    private long _tickBytes;
    private double _tickRate;
    private TimeSpan _tickAt;
    private TimeSpan _roundTrip = TimeSpan.MaxValue;

    public int Size { get; private set; } = First;

    /// <summary>What the peer takes.</summary>
    public int Limit { get; private set; } = Limits.RequestWindowUnannounced;

    /// <summary>The shortest time from a request to its block, with the wait for the report.</summary>
    public TimeSpan RoundTrip => _roundTrip == TimeSpan.MaxValue ? TimeSpan.Zero : _roundTrip;

    /// <summary>Whether the way to the peer is so long that requests must be renewed early to keep it full.</summary>
    public bool IsFar => RoundTrip.TotalMilliseconds >= Limits.FarRoundTripMilliseconds;

    public void SetLimit(int requests)
    {
        Limit = Math.Clamp(requests, 1, Limits.RequestWindow);
        Size = Math.Min(Size, Limit);
    }

    public void Received(int blocks, long bytes, TimeSpan shortest)
    {
        _isRejected = false;
        _tickBytes += bytes;
        if (shortest < _roundTrip)
            _roundTrip = shortest;
        if (_isGrowing)
            Size = Math.Min(Size + blocks, Limit);
    }

    /// <summary>Looks at the rate; called about once a second while requests are open.</summary>
    public void Tick(TimeSpan now)
    {
        double seconds = (now - _tickAt).TotalSeconds;
        // Reports are coalesced: without one there is nothing to judge yet, and the next counts for the longer time.
        if (seconds < 0.9 || _tickBytes == 0)
            return;
        double rate = _tickBytes / seconds;
        _tickAt = now;
        _tickBytes = 0;
        if (_isGrowing)
            _isGrowing = rate > _tickRate * 1.1;
        _tickRate = _isGrowing ? rate : (rate + _tickRate) / 2;
        if (_isGrowing)
            return;
        double wait = Math.Max(QueueSeconds, 2 * RoundTrip.TotalSeconds);
        int target = (int)Math.Min(Math.Max(rate, _tickRate) * wait / BlockAddress.Size, Limits.RequestWindow);
        Size = Math.Min(Math.Max(target, Least), Limit);
    }

    /// <summary>Requests begin after a pause: what was measured before says nothing about now.</summary>
    public void Restart(TimeSpan now)
    {
        if (_isRejected)
            return;
        _isGrowing = true;
        Size = Math.Min(Math.Max(Size, First), Limit);
        _tickRate = 0;
        _tickBytes = 0;
        _tickAt = now;
    }

    /// <summary>The peer turned a request down although it lets us download: it is asked for less.</summary>
    public void Rejected() => (Size, _isGrowing, _isRejected) = (Math.Max(Size / 2, 1), false, true);

    /// <summary>The peer owes blocks: one request stays to find out when it gives again.</summary>
    public void Snub() => (Size, _isGrowing) = (1, false);
}
