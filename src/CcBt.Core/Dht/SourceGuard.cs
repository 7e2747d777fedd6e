using CcBt.Core.Addressing;

namespace CcBt.Core.Dht;

/// <summary>
/// Counts the queries of each global address: more than 5 a second, averaged over 10 seconds, and it is not answered
/// for 5 minutes. IPv6 sources count by their /64. Answers to our own queries are never counted.
/// </summary>
internal sealed class SourceGuard
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(Limits.DhtSourceWindowSeconds);
    private static readonly TimeSpan s_block = TimeSpan.FromSeconds(Limits.DhtSourceBlockSeconds);

    private readonly Dictionary<PeerAddress, Source> _sources = [];
    private TimeSpan _sweptAt;

    public int Count => _sources.Count;

    /// <summary>Counts a query; false when it should not be answered.</summary>
    public bool Admit(PeerAddress from, TimeSpan now)
    {
        if (from.Classify() != AddressClass.Global)
            return true;
        PeerAddress key = from.IsV6 ? from.Network() : from.WithPort(0);
        if (!_sources.TryGetValue(key, out Source source))
        {
            if (_sources.Count >= Limits.DhtCountedSources && !Sweep(now))
                return true;
            source = new Source(now, 0, TimeSpan.Zero);
        }
        if (source.BlockedUntil > now)
            return false;
        if (now - source.WindowStart >= s_window)
            source = new Source(now, 0, TimeSpan.Zero);
        source.Queries++;
        if (source.Queries > Limits.DhtQueriesPerSource)
            source.BlockedUntil = now + s_block;
        _sources[key] = source;
        return source.BlockedUntil <= now;
    }

    /// <summary>Forgets sources that are quiet again; at most once a second, since a flood would make it cost.</summary>
    private bool Sweep(TimeSpan now)
    {
        if (now - _sweptAt < TimeSpan.FromSeconds(1))
            return false;
        _sweptAt = now;
        foreach ((PeerAddress key, Source source) in _sources)
        {
            // Removing does not disturb the enumeration of a dictionary.
            if (source.BlockedUntil <= now && now - source.WindowStart >= s_window)
                _sources.Remove(key);
        }
        return _sources.Count < Limits.DhtCountedSources;
    }

    private record struct Source(TimeSpan WindowStart, int Queries, TimeSpan BlockedUntil);
}
