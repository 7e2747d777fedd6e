namespace CcBt.Core.Trackers;

/// <summary>The answer to a scrape; empty entries with a <paramref name="FailureReason"/> when the tracker refused.</summary>
internal sealed record ScrapeReply(IReadOnlyList<ScrapeEntry> Entries, string? FailureReason);
