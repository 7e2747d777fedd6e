namespace CcBt.Core;

/// <summary>A tracker of a session at one moment. The value is immutable and safe to use from any thread.</summary>
public sealed record TrackerStatus
{
    /// <summary>The tracker's announce URL.</summary>
    public required string Url { get; init; }

    /// <summary>The tier the tracker belongs to, counted from 0 (BEP 12).</summary>
    public int Tier { get; init; }

    /// <summary>Why the last announce failed; null when it succeeded or none was made.</summary>
    public string? Error { get; init; }

    /// <summary>Seeds in the swarm as the tracker counts them; null when it did not say.</summary>
    public int? Seeds { get; init; }

    /// <summary>Leeches in the swarm as the tracker counts them; null when it did not say.</summary>
    public int? Leeches { get; init; }

    /// <summary>Time until the next announce; null when none is planned.</summary>
    public TimeSpan? NextAnnounce { get; init; }
}
