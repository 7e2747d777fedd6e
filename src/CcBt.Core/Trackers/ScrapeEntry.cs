namespace CcBt.Core.Trackers;

/// <summary>What a tracker counts for one swarm (BEP 48). <paramref name="Downloaders"/> leaves out partial seeds, where the tracker tells (BEP 21).</summary>
internal readonly record struct ScrapeEntry(InfoHash InfoHash, int Seeds, int Completed, int Leeches, int? Downloaders);
