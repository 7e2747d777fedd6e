namespace CcBt.Core.Dht;

/// <summary>
/// When one torrent asks the DHT again: soon while it knows few peers, the pause growing from 5 seconds to 15 minutes,
/// every 15 minutes while it has enough, and at once on demand. Pauses vary by a fifth, so that torrents do not ask in step.
/// </summary>
internal sealed class DhtSearchSchedule(Random random)
{
    /// <summary>With this many known peers more are not urgent.</summary>
    public const int EnoughPeers = 30;

    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(15);

    private TimeSpan _pause = s_shortest;
    private bool _isRunning;

    /// <summary>When to look next; <see cref="TimeSpan.MaxValue"/> while a search runs. The first is due at once.</summary>
    public TimeSpan NextSearch { get; private set; }

    public bool IsDue(TimeSpan now) => NextSearch <= now;

    /// <summary>A search has begun.</summary>
    public void Started()
    {
        _isRunning = true;
        NextSearch = TimeSpan.MaxValue;
    }

    /// <summary>The search is over. <paramref name="knownPeers"/> counts all that the torrent could still connect to or is connected to.</summary>
    public void Ended(int knownPeers, TimeSpan now)
    {
        _isRunning = false;
        TimeSpan pause = knownPeers >= EnoughPeers ? s_longest : _pause;
        _pause = _pause * 2 < s_longest ? _pause * 2 : s_longest;
        NextSearch = now + pause * (0.8 + 0.4 * random.NextDouble());
    }

    /// <summary>The user, or a lack of peers, asks for a search now; pauses begin anew from the shortest. A running search suffices.</summary>
    public void Demand(TimeSpan now)
    {
        _pause = s_shortest;
        if (!_isRunning)
            NextSearch = now;
    }
}
