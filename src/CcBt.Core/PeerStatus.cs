using System.Net;

namespace CcBt.Core;

/// <summary>A connected peer at one moment. The value is immutable and safe to use from any thread.</summary>
public sealed record PeerStatus
{
    /// <summary>The peer's address.</summary>
    public required IPEndPoint EndPoint { get; init; }

    /// <summary>The peer's program as it calls itself (BEP 10), or its peer id (BEP 20). Control characters are removed.</summary>
    public string Client { get; init; } = "";

    /// <summary>Whether the peer connected to us.</summary>
    public bool IsInbound { get; init; }

    /// <summary>Whether the peer has every piece.</summary>
    public bool IsSeed { get; init; }

    /// <summary>Share of the pieces that the peer has, from 0 to 1.</summary>
    public double Progress { get; init; }

    /// <summary>Payload bytes received from the peer per second.</summary>
    public long DownloadBytesPerSecond { get; init; }

    /// <summary>Payload bytes sent to the peer per second.</summary>
    public long UploadBytesPerSecond { get; init; }

    /// <summary>Payload bytes received from the peer.</summary>
    public long DownloadedBytes { get; init; }

    /// <summary>Payload bytes sent to the peer.</summary>
    public long UploadedBytes { get; init; }
}
