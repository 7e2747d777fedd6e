namespace CcBt.Core.Fuzz;

/// <summary>The verb run: a line for each target, and the failures behind it.</summary>
internal static class RunVerb
{
    public static int Run(RunOptions options, TextWriter output)
    {
        output.WriteLine($"{"target",-26} {"inputs",9} {"seed",6} {"failures",8} {"max ms",9} {"max alloc",9}");
        output.WriteLine($"# max alloc: bytes allocated over {Meter.AllowedPerByte} x input + {Meter.AllowedBase}; above 1 fails, as more than {Meter.AllowedMilliseconds} ms does");
        int failures = 0;
        foreach (FuzzTarget target in options.Target is { } one ? [one] : TargetList.All)
        {
            FuzzReport report = options.Input is { } input ? Single(target, input, options.Seed) : FuzzRun.Run(target, options.Inputs, options.Seed);
            output.WriteLine(report);
            foreach (string message in report.Messages)
                output.WriteLine($"  {message}");
            output.Flush();
            failures += report.Failures;
        }
        return failures == 0 ? 0 : 1;
    }

    private static FuzzReport Single(FuzzTarget target, byte[] input, int seed)
    {
        var report = new FuzzReport(target.Name, seed);
        FuzzRun.Try(target, input, false, new Meter(), report);
        return report;
    }
}
