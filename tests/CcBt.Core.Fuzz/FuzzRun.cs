using CcBt.Core.Fuzz.Generation;

namespace CcBt.Core.Fuzz;

/// <summary>Feeds one target: first the kept corpus, then valid inputs, mutated valid ones and mutated kept ones.</summary>
internal static class FuzzRun
{
    // A call that compiles or collects is not a slow parser: only what is slow each time is.
    private const int Attempts = 10;
    private const int RecentInputs = 64;

    public static FuzzReport Run(FuzzTarget target, int inputs, int seed)
    {
        var report = new FuzzReport(target.Name, seed);
        var meter = new Meter();
        foreach ((byte[] input, bool isValid) in Inputs(target, inputs, seed))
            Try(target, input, isValid, meter, report);
        return report;
    }

    /// <summary>What the target is fed with: all kept inputs, and others until there are <paramref name="least"/>. The same seed gives the same.</summary>
    public static IEnumerable<(byte[] Input, bool IsValid)> Inputs(FuzzTarget target, int least, int seed)
    {
        var random = new Random(Seed.Of(target.Name, seed));
        List<byte[]> kept = [.. KeptInputs.Of(target.Name)];
        foreach (byte[] input in kept)
            yield return (input, false);
        var recent = new List<byte[]>(kept);
        for (int i = kept.Count; i < least; i++)
        {
            bool isFromCorpus = kept.Count > 0 && random.Chance(15);
            byte[] input = isFromCorpus ? random.Pick(kept) : target.Generate(random);
            bool isValid = !isFromCorpus && random.Chance(25);
            if (!isFromCorpus)
                Remember(recent, input, random);
            yield return (isValid ? input : Mutator.Mutate(input, target.Form, recent, random), isValid);
        }
    }

    public static void Try(FuzzTarget target, byte[] input, bool isValid, Meter meter, FuzzReport report)
    {
        report.Inputs++;
        try
        {
            double milliseconds = double.MaxValue, share = double.MaxValue;
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                meter.Reset();
                target.Run(input, isValid, meter);
                milliseconds = Math.Min(milliseconds, meter.Milliseconds);
                share = Math.Min(share, meter.AllocationShare);
                if (meter.IsWithinBounds)
                    break;
            }
            report.MaxMilliseconds = Math.Max(report.MaxMilliseconds, milliseconds);
            report.MaxAllocationShare = Math.Max(report.MaxAllocationShare, share);
            FuzzFailure.When(milliseconds > Meter.AllowedMilliseconds, $"It took {milliseconds:0} ms, {Attempts} times.");
            FuzzFailure.When(share > 1, $"It allocated {share:0.00} times what is allowed for {input.Length} bytes, {Attempts} times.");
        }
        catch (Exception failure)
        {
            report.Add(input, failure is FuzzFailure ? failure.Message : failure.ToString());
        }
    }

    private static void Remember(List<byte[]> recent, byte[] input, Random random)
    {
        if (recent.Count < RecentInputs)
            recent.Add(input);
        else
            recent[random.Next(RecentInputs)] = input;
    }
}
