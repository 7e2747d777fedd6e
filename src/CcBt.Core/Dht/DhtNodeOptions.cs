namespace CcBt.Core.Dht;

/// <summary>How a <see cref="DhtNode"/> behaves; the defaults suit the public network.</summary>
internal sealed record DhtNodeOptions
{
    /// <summary>Asks, but answers nobody and says so (BEP 43): for devices that can not be reached.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>When a query counts as lost.</summary>
    public TimeSpan QueryTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes per second that all answers to global addresses may take together.</summary>
    public int AnswerBytesPerSecond { get; init; } = Limits.DhtAnswerBytesPerSecond;

    /// <summary>Bytes per second that all answers to private, link-local and loopback addresses may take together.</summary>
    public int LocalAnswerBytesPerSecond { get; init; } = Limits.DhtLocalAnswerBytesPerSecond;

    /// <summary>Torrents that peers are kept of.</summary>
    public int MaxStoredTorrents { get; init; } = Limits.DhtStoredTorrents;

    /// <summary>Peers that are kept for a torrent.</summary>
    public int MaxStoredPeersPerTorrent { get; init; } = Limits.DhtStoredPeers;
}
