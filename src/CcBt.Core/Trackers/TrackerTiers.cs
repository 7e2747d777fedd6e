namespace CcBt.Core.Trackers;

/// <summary>The order in which a torrent's trackers are tried (BEP 12): each tier is shuffled once, and who answers moves to the front of its tier.</summary>
internal sealed class TrackerTiers
{
    private readonly List<List<TrackerUrl>> _tiers = [];

    /// <summary>Takes the tiers of an announce-list; a tracker that is named again is kept where it stood first.</summary>
    public TrackerTiers(IEnumerable<IEnumerable<TrackerUrl>> tiers, Random random)
    {
        var known = new HashSet<TrackerUrl>();
        foreach (IEnumerable<TrackerUrl> tier in tiers)
        {
            List<TrackerUrl> order = [.. tier.Where(url => known.Count < Limits.TrackersPerTorrent && known.Add(url))];
            Shuffle(order, random);
            if (order.Count > 0)
                _tiers.Add(order);
        }
    }

    public int Count => _tiers.Count;

    public IReadOnlyList<TrackerUrl> this[int tier] => _tiers[tier];

    public void Promote(TrackerUrl tracker)
    {
        foreach (List<TrackerUrl> tier in _tiers)
        {
            int at = tier.IndexOf(tracker);
            if (at <= 0)
                continue;
            // Whoever stood before it keeps the order.
            tier.RemoveAt(at);
            tier.Insert(0, tracker);
        }
    }

    /// <summary>Adds a tracker at the end of a tier, or in a new last tier. False when it is there already or the torrent has too many.</summary>
    public bool Add(TrackerUrl tracker, int tier)
    {
        if (_tiers.Sum(t => t.Count) >= Limits.TrackersPerTorrent || _tiers.Any(t => t.Contains(tracker)))
            return false;
        if ((uint)tier < (uint)_tiers.Count)
            _tiers[tier].Add(tracker);
        else
            _tiers.Add([tracker]);
        return true;
    }

    private static void Shuffle(List<TrackerUrl> list, Random random)
    {
        for (int i = list.Count - 1; i > 0; i--)
        {
            int j = random.Next(i + 1);
            (list[i], list[j]) = (list[j], list[i]);
        }
    }
}
