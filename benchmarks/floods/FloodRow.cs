namespace CcBt.Core.Floods;

/// <summary>What one flood did. Rates are in MiB a second, memory in MiB, times in milliseconds; what was not measured is null.</summary>
internal sealed record FloodRow(string Flood)
{
    public double GoodBefore { get; init; }

    public double GoodDuring { get; init; }

    public double MemoryOverIdle { get; init; }

    /// <summary>Memory over idle for each socket that was held, in KiB.</summary>
    public double? MemoryPerSocket { get; init; }

    /// <summary>What of it is managed memory that a collection leaves, in KiB.</summary>
    public double? LivePerSocket { get; init; }

    public double? AcceptMedian { get; init; }

    public double? Accept99 { get; init; }

    /// <summary>Attacking connections that the library let be, at the end.</summary>
    public int? Held { get; init; }

    public int? Closed { get; init; }

    /// <summary>Cores that the library kept busy.</summary>
    public double Cores { get; init; }

    public string Bound { get; init; } = "";

    public IReadOnlyList<FloodGoal> Goals { get; init; } = [];

    /// <summary>Whether every goal was met.</summary>
    public bool IsGood => Goals.All(g => g.IsMet);

    public double GoodShare => GoodBefore == 0 ? 0 : GoodDuring / GoodBefore;
}
