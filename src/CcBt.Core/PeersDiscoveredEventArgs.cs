using System.Net;

namespace CcBt.Core;

/// <summary>
/// Peers were found, or a search for them ended. The first discovery of a source is raised at once; those within 250 ms behind it arrive as one event.
/// The value is immutable and safe to use from any thread.
/// </summary>
public sealed class PeersDiscoveredEventArgs : EventArgs
{
    internal PeersDiscoveredEventArgs(PeerSource source, IReadOnlyList<IPEndPoint> peers, int newPeers, bool lookupEnded, int missed)
    {
        Source = source;
        Peers = peers;
        NewPeers = newPeers;
        LookupEnded = lookupEnded;
        Missed = missed;
    }

    /// <summary>How the peers were found.</summary>
    public PeerSource Source { get; }

    /// <summary>The peers, those known before included. Empty when a search ended without any.</summary>
    public IReadOnlyList<IPEndPoint> Peers { get; }

    /// <summary>How many of them the session did not know.</summary>
    public int NewPeers { get; }

    /// <summary>Whether a DHT lookup or an announce ended with this event.</summary>
    public bool LookupEnded { get; }

    /// <summary>How many earlier events were dropped because handlers were too slow; their peers are in the pool all the same.</summary>
    public int Missed { get; }
}
