namespace CcBt.Core.Session;

/// <summary>Who knocks at the start gate. The first eight have the values of <see cref="PeerSource"/>, so that a discovery can be cast.</summary>
internal enum KnockSource
{
    /// <summary>The application: a call of StartAsync, or addresses that it gave.</summary>
    Manual = PeerSource.Manual,

    /// <summary>The distributed hash table found peers.</summary>
    Dht = PeerSource.Dht,

    /// <summary>A tracker named peers, over HTTP or UDP.</summary>
    Tracker = PeerSource.Tracker,

    /// <summary>Another peer named peers.</summary>
    PeerExchange = PeerSource.PeerExchange,

    /// <summary>A peer on the local network announced itself.</summary>
    LocalDiscovery = PeerSource.LocalDiscovery,

    /// <summary>A peer connected to us.</summary>
    Inbound = PeerSource.Inbound,

    /// <summary>The saved state held peers.</summary>
    SavedState = PeerSource.SavedState,

    /// <summary>The magnet link held peers.</summary>
    Magnet = PeerSource.Magnet,

    /// <summary>The delay after a failed attempt has passed.</summary>
    Retry = 8,

    /// <summary>The session was resumed.</summary>
    Resume = 9,
}
