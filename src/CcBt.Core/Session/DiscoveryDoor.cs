using CcBt.Core.Addressing;

namespace CcBt.Core.Session;

/// <summary>
/// The one call site that every discovery passes, whatever its source and thread: peers first go to the session's pool,
/// then the start gate is knocked at, then the event is raised. No peer ever waits for the gate, and none is lost at it.
/// </summary>
internal sealed class DiscoveryDoor(IMailbox mailbox, SeenPeers seen, DiscoveryEvents events, StartGate gate, Func<ReadOnlyMemory<PeerAddress>, KnockSource, ClientMessage> deliver)
{
    private volatile bool _isPrivate;
    private volatile bool _isClosed;

    /// <summary>A private torrent (BEP 27): from now on DHT, peer exchange and local discovery are not listened to.</summary>
    public void MakePrivate() => _isPrivate = true;

    /// <summary>Nothing passes any more; callbacks that are still under way change nothing.</summary>
    public void Close() => _isClosed = true;

    /// <summary>Takes a discovery in and returns how many of its peers are new to the session.</summary>
    public int Report(KnockSource source, ReadOnlySpan<PeerAddress> peers, bool lookupEnded)
    {
        if (_isClosed || (_isPrivate && source is KnockSource.Dht or KnockSource.PeerExchange or KnockSource.LocalDiscovery))
            return 0;
        var usable = new List<PeerAddress>(peers.Length);
        int fresh = 0;
        foreach (PeerAddress peer in peers)
        {
            SeenResult result = seen.Add(peer);
            if (result == SeenResult.Refused)
                continue;
            usable.Add(peer);
            if (result == SeenResult.New)
                fresh++;
        }
        if (fresh > 0)
            Telemetry.PeersDiscovered.Add(fresh);
        if (usable.Count > 0)
        {
            // Who connected to us is linked already, from a port that nobody listens on.
            if (source != KnockSource.Inbound)
                mailbox.Post(deliver(usable.ToArray(), source));
            gate.Knock(source);
        }
        events.Report(PublicSource(source), usable, fresh, lookupEnded);
        return fresh;
    }

    private static PeerSource PublicSource(KnockSource source) => source switch
    {
        KnockSource.Dht => PeerSource.Dht,
        KnockSource.Tracker => PeerSource.Tracker,
        KnockSource.PeerExchange => PeerSource.PeerExchange,
        KnockSource.LocalDiscovery => PeerSource.LocalDiscovery,
        KnockSource.Inbound => PeerSource.Inbound,
        KnockSource.SavedState => PeerSource.SavedState,
        KnockSource.Magnet => PeerSource.Magnet,
        _ => PeerSource.Manual,
    };
}
