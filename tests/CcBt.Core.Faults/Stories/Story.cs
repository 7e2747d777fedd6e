using System.Diagnostics;

namespace CcBt.Core.Faults.Stories;

/// <summary>A fault, and what must hold after it.</summary>
/// <param name="Name">How the program calls it.</param>
/// <param name="What">What it does, in a line.</param>
/// <param name="Play">Plays it, counts what broke, and says in a few words what else happened.</param>
internal sealed record Story(string Name, string What, Func<RunOptions, Findings, Task<string>> Play)
{
    public bool RunsInCi { get; init; } = true;

    /// <summary>It mounts file systems, which needs a mount namespace.</summary>
    public bool Mounts { get; init; }

    /// <summary>It opens clients as they are by default, which must not reach beyond this machine.</summary>
    public bool IsolatesNetwork { get; init; }

    public async Task<bool> PlayAsync(RunOptions options, TextWriter output)
    {
        var findings = new Findings();
        var watch = Stopwatch.StartNew();
        string outcome;
        try
        {
            outcome = await Play(options, findings);
        }
        catch (Exception exception) when (exception is TorrentException or TimeoutException or IOException or InvalidOperationException or OperationCanceledException)
        {
            findings.Hung(exception.ToString());
            outcome = "not played to its end";
        }
        await output.WriteLineAsync($"{Name,-16} {(findings.IsClean ? "ok  " : "FAIL")} {findings}; {outcome} [{watch.Elapsed.TotalSeconds:0} s]");
        foreach (string note in findings.Notes)
            await output.WriteLineAsync($"    {note}");
        return findings.IsClean;
    }
}
