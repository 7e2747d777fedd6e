using CcBt.Core.Trackers;

namespace CcBt.Core.Transport;

/// <summary>Makes announces for the owner.</summary>
internal interface ITrackerEdge
{
    /// <summary>Begins an announce and returns at once; its end comes to <see cref="ITrackerEvents.AnnounceEnded"/>, inside the order's limit plus the wait for its turn.</summary>
    void Announce(AnnounceOrder order, int announceId);
}
