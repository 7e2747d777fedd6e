namespace CcBt.Core.Dht;

/// <summary>What a lookup is for.</summary>
internal enum LookupPurpose
{
    /// <summary>Peers of a torrent, and on request to announce ourselves.</summary>
    Peers = 0,

    /// <summary>Our own neighbourhood, at the start and after the network was gone.</summary>
    Bootstrap,

    /// <summary>The nodes of a bucket that has not changed for long.</summary>
    Refresh,
}
