using CcBt.Core.Addressing;

namespace CcBt.Core.Trackers;

/// <summary>What a tracker answered, over HTTP or UDP. No peers is a good answer; a <see cref="FailureReason"/> is not.</summary>
internal sealed record AnnounceReply
{
    public string? FailureReason { get; init; }

    /// <summary>When the tracker wants to be asked again after a failure (BEP 31).</summary>
    public TimeSpan? RetryIn { get; init; }

    /// <summary>The tracker never wants to be asked again (BEP 31).</summary>
    public bool NeverRetry { get; init; }

    public string? Warning { get; init; }

    public TimeSpan? Interval { get; init; }

    public TimeSpan? MinInterval { get; init; }

    public int? Seeds { get; init; }

    public int? Leeches { get; init; }

    public ReadOnlyMemory<byte> TrackerId { get; init; }

    /// <summary>Our own address as the tracker sees it (BEP 24); its port is 0.</summary>
    public PeerAddress? ExternalAddress { get; init; }

    public IReadOnlyList<PeerAddress> Peers { get; init; } = [];
}
