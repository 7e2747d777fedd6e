using CcBt.Core.Addressing;

namespace CcBt.Core.Trackers;

/// <summary>How an <see cref="AnnounceOrder"/> ended. Immutable.</summary>
internal sealed record AnnounceResult
{
    public required AnnounceOrder Order { get; init; }

    /// <summary>What the tracker answered, also when it refused; null when no answer could be read.</summary>
    public AnnounceReply? Reply { get; init; }

    public TrackerFailure Failure { get; init; }

    /// <summary>What failed, in words for a person; null after a success.</summary>
    public string? Message { get; init; }

    /// <summary>The tracker's address, where one was reached.</summary>
    public PeerAddress? Tracker { get; init; }

    public bool IsSuccess => Failure == TrackerFailure.None;

    /// <summary>An answer, less the peers that a tracker at this address may not name: local ones are credible only from a local tracker.</summary>
    public static AnnounceResult FromReply(AnnounceOrder order, AnnounceReply reply, PeerAddress tracker) => new()
    {
        Order = order,
        Reply = reply with { Peers = [.. reply.Peers.Where(peer => tracker.Classify().MayName(peer.Classify()))] },
        Tracker = tracker,
        Failure = reply.FailureReason is null ? TrackerFailure.None : TrackerFailure.Refused,
        Message = reply.FailureReason,
    };

    public static AnnounceResult Failed(AnnounceOrder order, TrackerFailure failure, string message, PeerAddress? tracker = null) => new()
    {
        Order = order,
        Failure = failure,
        Message = message,
        Tracker = tracker,
    };
}
