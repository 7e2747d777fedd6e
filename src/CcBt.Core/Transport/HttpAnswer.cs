using CcBt.Core.Addressing;
using CcBt.Core.Trackers;

namespace CcBt.Core.Transport;

/// <summary>What came of one HTTP request to a tracker: a body with its status, a redirect, or a failure.</summary>
internal sealed record HttpAnswer
{
    public TrackerFailure Failure { get; init; }

    public string? Message { get; init; }

    public int Status { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    public PeerAddress? Tracker { get; init; }

    /// <summary>Where the tracker sends us, as it wrote it.</summary>
    public string? Location { get; init; }

    /// <summary>When an overloaded server wants to be asked again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static HttpAnswer Failed(TrackerFailure failure, string message, PeerAddress? tracker = null)
        => new() { Failure = failure, Message = TrackerText.Clean(message), Tracker = tracker };
}
