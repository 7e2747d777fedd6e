using CcBt.Core.Addressing;
using CcBt.Core.Trackers;

namespace CcBt.Core.Simulation.Peers;

/// <summary>A tracker: who announced, how often, and its mood.</summary>
internal sealed class SimTracker
{
    public TrackerMood Mood { get; set; }

    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(30);

    public long Announces { get; set; }

    public long Stopped { get; set; }

    public long Completed { get; set; }

    /// <summary>Every announce: when, from where, which.</summary>
    public List<(TimeSpan At, PeerAddress From, AnnounceEvent Event)> Log { get; } = [];

    public SortedDictionary<PeerAddress, bool> Peers { get; } = [];
}
