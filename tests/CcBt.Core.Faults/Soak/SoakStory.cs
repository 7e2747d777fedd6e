using System.Diagnostics;
using CcBt.Core.Faults.Clients;
using CcBt.Core.Faults.Stories;

namespace CcBt.Core.Faults.Soak;

/// <summary>
/// A hundred torrents for as long as one likes, while several hands at once start, pause, remove, add, cancel, restart, break connections and send garbage. What the
/// process holds is sampled: it must not grow once the clients have lived for an hour, by their own clocks, which are ten times as fast: what they remember for half an
/// hour grows until then. In the end everything completes and is what it should be.
/// </summary>
internal static class SoakStory
{
    private const int UsualSeconds = 8;
    private const int Torrents = 100;
    private const int FileBytes = 150_000;
    private const int Hands = 4;

    public const int Haste = 10;

    /// <summary>Hours of the clients from which on the slope says something: one to grow, and one more.</summary>
    private const double HoursForSlope = 2;

    public static async Task<string> PlayAsync(RunOptions options, Findings findings)
    {
        int seconds = options.Count > 0 ? options.Count : UsualSeconds;
        await using Lab lab = await Lab.CreateAsync(1);
        int open = OpenHandles.Count(lab.Folder);
        var field = await SoakField.OpenAsync(lab, Torrents, FileBytes, options.Seed);
        var samples = new SoakSamples();
        var random = new Random(options.Seed);
        long acts = 0;
        var watch = Stopwatch.StartNew();
        TimeSpan length = TimeSpan.FromSeconds(seconds);
        // Between two rounds all hands rest and no session is left, so that a sample sees what is held for good.
        TimeSpan round = TimeSpan.FromSeconds(Math.Clamp(seconds / 60.0, 1, 60));
        while (watch.Elapsed < length)
        {
            TimeSpan until = watch.Elapsed + round;
            long[] done = await Task.WhenAll(Enumerable.Range(0, Hands).Select(i => Task.Run(() => new SoakHand(field, options.Seed * 1000 + samples.Count * Hands + i, findings).PlayAsync(() => watch.Elapsed < until))));
            acts += done.Sum();
            await field.ClearAsync(random);
            samples.Take(watch.Elapsed * Haste, lab.Folder);
        }
        int restarts = field.Restarts;
        await field.CompleteAsync(findings);
        await field.CloseAsync(findings);
        (int leaked, string what) = await OpenHandles.MoreThanAsync(open, lab.Folder);
        findings.Leaked(leaked, what);
        double hours = watch.Elapsed.TotalHours * Haste;
        if (hours >= HoursForSlope)
        {
            findings.Require(samples.HeapSlope <= SoakSamples.MostSlope, $"the heap grows by {samples.HeapSlope:0.00} MB an hour");
            findings.Require(samples.HandlesAreFlat && samples.ThreadsAreFlat, "handles or threads grow");
        }
        return $"{Torrents} torrents, {acts:N0} acts and {restarts} restarts in {watch.Elapsed.TotalMinutes:0.0} min, {hours:0.0} hours of the clients; {samples}";
    }
}
