using CcBt.Core.Trackers;

namespace CcBt.Core.Transport;

/// <summary>What the trackers' edge tells the owner. Calls come from any thread; they only post and never wait.</summary>
internal interface ITrackerEvents
{
    /// <summary>Comes exactly once for every <see cref="ITrackerEdge.Announce"/>.</summary>
    void AnnounceEnded(int announceId, AnnounceResult result);
}
