using CcBt.Core.Floods.Library;

namespace CcBt.Core.Floods;

/// <summary>What was read of the library and of the good peer, before and during a flood.</summary>
internal sealed record FloodMeasure(double GoodBefore, double GoodDuring, long IdleBytes, long PeakBytes, double Cores, double Seconds, ProcessUse Before)
{
    private const double Mebibyte = 1 << 20;

    public double MemoryOverIdle => Math.Max(0, (PeakBytes - IdleBytes) / Mebibyte);

    /// <summary>The row of a flood, with what is measured alike for all.</summary>
    public FloodRow Row(string flood) => new(flood)
    {
        GoodBefore = GoodBefore / Mebibyte,
        GoodDuring = GoodDuring / Mebibyte,
        MemoryOverIdle = MemoryOverIdle,
        Cores = Cores,
    };
}
