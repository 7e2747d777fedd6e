namespace CcBt.Core.Trackers;

/// <summary>A tracker as its users see it. <paramref name="NextAnnounce"/> is the time from now; null when none is planned.</summary>
internal sealed record TrackerSnapshot(string Url, int Tier, string? Error, string? Warning, int? Seeds, int? Leeches, TimeSpan? NextAnnounce);
