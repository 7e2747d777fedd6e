using System.Diagnostics;
using CcBt.Core.Faults.Clients;

namespace CcBt.Core.Faults.Soak;

/// <summary>What a process holds, again and again. The first hour does not count, or of a short run the first half.</summary>
internal sealed class SoakSamples
{
    /// <summary>Megabytes an hour.</summary>
    public const double MostSlope = 1;

    private readonly List<(double Hours, double HeapMegabytes, int Handles, int Threads)> _samples = [];

    public int Count => _samples.Count;

    /// <summary>Megabytes an hour that the managed heap grows by after a collection: the median slope between any two samples, which single peaks do not move.</summary>
    public double HeapSlope => Slope(static s => s.HeapMegabytes);

    public bool HandlesAreFlat => Later.Max(static s => s.Handles) <= 1.25 * Earlier.Max(static s => s.Handles) + 8;

    public bool ThreadsAreFlat => Later.Max(static s => s.Threads) <= 1.25 * Earlier.Max(static s => s.Threads) + 8;

    private IEnumerable<(double Hours, double HeapMegabytes, int Handles, int Threads)> Counted => _samples[^1].Hours < 2 ? _samples.Skip(_samples.Count / 2) : _samples.Where(static s => s.Hours >= 1);

    private IEnumerable<(double Hours, double HeapMegabytes, int Handles, int Threads)> Earlier => Counted.Take(Counted.Count() / 2 + 1);

    private IEnumerable<(double Hours, double HeapMegabytes, int Handles, int Threads)> Later => Counted.Skip(Counted.Count() / 2);

    public void Take(TimeSpan at, string folder)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        double heap = GC.GetTotalMemory(forceFullCollection: true) / (double)(1 << 20);
        using Process process = Process.GetCurrentProcess();
        _samples.Add((at.TotalHours, heap, OpenHandles.Count(folder), process.Threads.Count));
    }

    public override string ToString()
    {
        double[] heaps = [.. Counted.Select(static s => s.HeapMegabytes)];
        return $"heap {heaps.Min():0.0} to {heaps.Max():0.0} MB after collections, slope {HeapSlope:0.00} MB an hour; handles {Counted.Min(static s => s.Handles)} to {Counted.Max(static s => s.Handles)}, "
            + $"threads {Counted.Min(static s => s.Threads)} to {Counted.Max(static s => s.Threads)} in {heaps.Length} samples";
    }

    private double Slope(Func<(double Hours, double HeapMegabytes, int Handles, int Threads), double> of)
    {
        (double Hours, double Value)[] points = [.. Counted.Select(s => (s.Hours, of(s)))];
        var slopes = new List<double>();
        for (int i = 0; i < points.Length; i++)
        {
            for (int k = i + 1; k < points.Length; k++)
                slopes.Add((points[k].Value - points[i].Value) / (points[k].Hours - points[i].Hours));
        }
        slopes.Sort();
        return slopes.Count == 0 ? 0 : slopes[slopes.Count / 2];
    }
}
