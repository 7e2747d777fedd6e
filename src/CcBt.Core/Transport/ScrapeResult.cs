using CcBt.Core.Trackers;

namespace CcBt.Core.Transport;

/// <summary>How a scrape ended: a reply, or a failure with words for a person.</summary>
internal sealed record ScrapeResult(ScrapeReply? Reply, TrackerFailure Failure, string? Message);
