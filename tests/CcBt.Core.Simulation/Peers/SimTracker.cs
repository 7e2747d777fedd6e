using CcBt.Core.Addressing;
using CcBt.Core.Trackers;

namespace CcBt.Core.Simulation.Peers;

/// <summary>A tracker: who announced, how often, and its mood.</summary>
internal sealed class SimTracker
{
    private readonly Dictionary<InfoHash, SortedDictionary<PeerAddress, bool>> _swarms = [];

    public TrackerMood Mood { get; set; }

    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(30);

    public long Announces { get; set; }

    public long Stopped { get; set; }

    public long Completed { get; set; }

    /// <summary>Every announce: when, from where, which.</summary>
    public List<(TimeSpan At, PeerAddress From, AnnounceEvent Event)> Log { get; } = [];

    /// <summary>The peers of one torrent, and whether each is a seed.</summary>
    public SortedDictionary<PeerAddress, bool> PeersOf(InfoHash torrent)
    {
        if (!_swarms.TryGetValue(torrent, out SortedDictionary<PeerAddress, bool>? peers))
            _swarms[torrent] = peers = [];
        return peers;
    }
}
