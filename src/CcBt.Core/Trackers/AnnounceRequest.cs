using CcBt.Core.Addressing;

namespace CcBt.Core.Trackers;

/// <summary>What one announce tells a tracker (BEP 3, 7, 15, 23).</summary>
internal sealed record AnnounceRequest
{
    public required InfoHash InfoHash { get; init; }

    /// <summary>20 bytes.</summary>
    public required ReadOnlyMemory<byte> PeerId { get; init; }

    /// <summary>The port that we listen on.</summary>
    public required ushort Port { get; init; }

    public long UploadedBytes { get; init; }

    public long DownloadedBytes { get; init; }

    public long LeftBytes { get; init; }

    public AnnounceEvent Event { get; init; }

    /// <summary>The same for all trackers and address families of a torrent's session (BEP 7).</summary>
    public uint Key { get; init; }

    /// <summary>How many peers are wanted; null leaves it to the tracker.</summary>
    public int? WantedPeers { get; init; }

    /// <summary>Sent only when the user asks for it: BEP 7 discourages naming other addresses than the one announced from.</summary>
    public PeerAddress? IPv4 { get; init; }

    /// <inheritdoc cref="IPv4"/>
    public PeerAddress? IPv6 { get; init; }

    /// <summary>What the tracker gave us with an earlier answer; empty when it gave none.</summary>
    public ReadOnlyMemory<byte> TrackerId { get; init; }

    public bool Compact { get; init; } = true;
}
