namespace CcBt.Core.Trackers;

/// <summary>How a request of a <see cref="UdpTrackerConversation"/> ended: exactly one reply, or a failure.</summary>
internal sealed record UdpTrackerOutcome(int RequestId, AnnounceReply? Announce, ScrapeReply? Scrape, TrackerFailure Failure);
