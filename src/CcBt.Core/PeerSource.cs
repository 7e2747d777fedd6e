namespace CcBt.Core;

/// <summary>How a peer became known, or what knocked at the start gate.</summary>
public enum PeerSource
{
    /// <summary>The application gave the address.</summary>
    Manual = 0,

    /// <summary>The distributed hash table (BEP 5).</summary>
    Dht = 1,

    /// <summary>A tracker over HTTP (BEP 3) or UDP (BEP 15).</summary>
    Tracker = 2,

    /// <summary>Another peer, by peer exchange (BEP 11).</summary>
    PeerExchange = 3,

    /// <summary>Local service discovery (BEP 14).</summary>
    LocalDiscovery = 4,

    /// <summary>The peer connected to us.</summary>
    Inbound = 5,

    /// <summary>The state that an earlier run saved.</summary>
    SavedState = 6,

    /// <summary>The <c>x.pe</c> addresses of a magnet link (BEP 9).</summary>
    Magnet = 7,
}
