using System.Diagnostics;
using System.Globalization;
using System.Net;
using CcBt.Core.Faults.Clients;
using CcBt.Core.Faults.Stories;
using CcBt.Core.Session;
using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Faults.Crash;

/// <summary>One download over several lives of its process.</summary>
internal sealed class CrashRun(Lab lab, IPEndPoint seeder, string name, TimeSpan saveInterval, Random random, Findings findings, CrashTally tally)
{
    private readonly string _folder = lab.FolderFor(name);
    private readonly string _state = lab.FolderFor(name + "-state");
    private bool _wasAdded;
    private int _onDisk;

    /// <summary>Starts the process and kills it; false when it was complete before.</summary>
    public async Task<bool> KillOneAsync()
    {
        bool isEarly = random.Next(4) == 0, isRightAfterAdding = !isEarly && !_wasAdded;
        TimeSpan delay = TimeSpan.FromMilliseconds(isRightAfterAdding ? 0 : isEarly ? random.Next(60, 600) : random.Next(0, 1500));
        using Process process = Start();
        bool isStarted = false;
        Task reading = ReadAsync(process, () => isStarted = true);
        if (!isEarly)
            await UntilAsync(() => (isRightAfterAdding ? _wasAdded : isStarted) || process.HasExited);
        await Task.WhenAny(Task.Delay(delay), reading);
        if (process.HasExited)
        {
            await reading;
            return false;
        }
        process.Kill();
        await process.WaitForExitAsync();
        await reading;
        tally.Kills++;
        tally.EarlyKills += isStarted ? 0 : 1;
        tally.KillsAfterAdding += isRightAfterAdding ? 1 : 0;
        Look();
        return true;
    }

    /// <summary>Lets the download end, and compares it.</summary>
    public async Task FinishAsync()
    {
        using Process process = Start();
        Task reading = ReadAsync(process, static () => { });
        await process.WaitForExitAsync().WaitAsync(Lab.Patience);
        await reading;
        findings.Require(process.ExitCode == 0, $"{name}: the last life ended with code {process.ExitCode}: {await process.StandardError.ReadToEndAsync()}");
        if (!lab.IsWhole(_folder))
            findings.Wrong(lab.Torrent.PieceCount - lab.GoodPieces(_folder).Count, $"{name}: complete, and the copy differs");
    }

    private Process Start()
        => Process.Start(new ProcessStartInfo("dotnet", [typeof(CrashRun).Assembly.Location, .. CrashingDownload.Arguments(lab.TorrentPath, _state, _folder, seeder, saveInterval)])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;

    private async Task ReadAsync(Process process, Action started)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == "added")
                _wasAdded = true;
            if (!line.StartsWith("started ", StringComparison.Ordinal))
                continue;
            CountAgain(int.Parse(line.AsSpan(8), CultureInfo.InvariantCulture));
            started();
        }
    }

    /// <summary>
    /// What was on the disk at the last kill and is not had now is fetched again: at most what came in one interval between saves, with a second for the
    /// saving itself on a machine with much else to do.
    /// </summary>
    private void CountAgain(int had)
    {
        int again = Math.Max(0, _onDisk - had);
        int allowed = (int)((saveInterval.TotalSeconds + 1) * SeedPiecesPerSecond) + InFlight;
        tally.FetchedAgain += again;
        tally.MostAgain = Math.Max(tally.MostAgain, again);
        findings.Require(again <= allowed, $"{name}: {again} of {_onDisk} pieces were fetched again with a save interval of {saveInterval}");
    }

    /// <summary>The dead process left files and a state: all that the state claims must be there.</summary>
    private void Look()
    {
        PieceSet good = lab.GoodPieces(_folder);
        _onDisk = good.Count;
        tally.PiecesAtKills += good.Count;
        ResumeData? saved = Load();
        if (_wasAdded && (saved is null || SavedSession.ToSetup(saved) is not { Torrent: not null } || saved.IsClosed))
            findings.LostTorrents(1, $"{name}: after kill {tally.Kills} no state brings the torrent back");
        if (saved is null || SavedSession.SnapshotOf(saved, lab.Torrent)?.Have is not { } have)
            return;
        int wrong = Enumerable.Range(0, have.PieceCount).Count(p => have[p] && !good[p]);
        findings.Wrong(wrong, $"{name}: after kill {tally.Kills} the state claims {wrong} pieces that are not on the disk");
    }

    private ResumeData? Load()
    {
        StateLoad load = new StateFile(OperatingSystemDisk.Instance, DiskPath.Create(_state, $"sessions/{lab.Torrent.SwarmHash}.state")).Load();
        return load.IsUsable && ResumeData.TryRead(load.Payload, out ResumeData data) ? data : null;
    }

    private int SeedPiecesPerSecond => (4 << 20) / lab.Torrent.PieceLength;

    private static int InFlight => 32;

    private static async Task UntilAsync(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition() && watch.Elapsed < Lab.Patience)
            await Task.Delay(1);
    }
}
