namespace CcBt.Core.Fuzz.Sessions;

/// <summary>The state machines, each fed a live session of valid and invalid inputs.</summary>
internal static class SessionTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new SessionTarget("start-sequence", 60, StartSequenceSession.Play),
        new SessionTarget("routing-table", 120, RoutingTableSession.Play),
        new SessionTarget("dht-node", 160, DhtSession.Play),
        new SessionTarget("torrent-swarm", 400, SwarmSession.Play),
        new SessionTarget("metadata-assembly", 160, MetadataSession.Play),
        new SessionTarget("announce-schedule", 160, AnnounceSession.Play),
        new SessionTarget("udp-tracker", 160, UdpTrackerSession.Play),
        new SessionTarget("peer-reader-leases", 200, LeaseSession.Play),
        new SessionTarget("blame-book", 200, BlameSession.Play),
    ];
}
