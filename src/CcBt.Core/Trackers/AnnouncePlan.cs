namespace CcBt.Core.Trackers;

/// <summary>What stays the same for all announces of a session.</summary>
internal sealed record AnnouncePlan
{
    /// <summary>20 bytes.</summary>
    public required ReadOnlyMemory<byte> PeerId { get; init; }

    /// <summary>Random; the same to every tracker and over every address family (BEP 7).</summary>
    public required uint Key { get; init; }

    public required IReadOnlyList<AnnounceRoute> Routes { get; init; }

    /// <summary>One tracker at a time (BEP 27).</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Announce to one tracker of every tier rather than to the first tier that works (BEP 12). Never for private torrents.</summary>
    public bool UsesAllTiers { get; init; }
}
