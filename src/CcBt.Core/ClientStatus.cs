namespace CcBt.Core;

/// <summary>A picture of a client at one moment. The value is immutable and safe to use from any thread.</summary>
public sealed record ClientStatus
{
    /// <summary>Sessions that the client holds.</summary>
    public int Sessions { get; init; }

    /// <summary>Peers connected over all sessions.</summary>
    public int ConnectedPeers { get; init; }

    /// <summary>Good nodes in the DHT routing tables, IPv4 and IPv6 together; 0 when the DHT is off.</summary>
    public int DhtNodes { get; init; }

    /// <summary>Payload bytes received per second over all sessions.</summary>
    public long DownloadBytesPerSecond { get; init; }

    /// <summary>Payload bytes sent per second over all sessions.</summary>
    public long UploadBytesPerSecond { get; init; }
}
