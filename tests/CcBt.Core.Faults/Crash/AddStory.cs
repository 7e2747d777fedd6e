using System.Diagnostics;
using CcBt.Core.Faults.Clients;
using CcBt.Core.Faults.Stories;

namespace CcBt.Core.Faults.Crash;

/// <summary>
/// Processes that add torrents, up to sixteen at once, and are dead in the instant in which one of these calls has returned, all on one state. Each
/// torrent whose call had returned comes back in the next life, and in all that follow.
/// </summary>
internal static class AddStory
{
    private const int UsualKills = 12;
    private const int MostAtOnce = 16;

    public static async Task<string> PlayAsync(RunOptions options, Findings findings)
    {
        int kills = options.Count > 0 ? options.Count : UsualKills;
        var random = new Random(options.Seed);
        await using Lab lab = await Lab.CreateAsync(1);
        string state = lab.FolderFor("state");
        var added = new HashSet<InfoHash>();
        for (int life = 0; life < kills; life++)
        {
            int adds = 1 + random.Next(MostAtOnce), before = added.Count;
            using Process process = Process.Start(new ProcessStartInfo("dotnet",
                [typeof(AddStory).Assembly.Location, .. AddingLife.Arguments(state, lab.FolderFor("files"), life, adds, killAt: 1 + random.Next(adds))]) { RedirectStandardOutput = true })!;
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                if (line.StartsWith("added ", StringComparison.Ordinal))
                    added.Add(InfoHash.Parse(line[6..]));
                else if (line.StartsWith("restored ", StringComparison.Ordinal))
                    findings.LostTorrents(Math.Max(0, before - int.Parse(line[9..], System.Globalization.CultureInfo.InvariantCulture)), $"life {life} had {before} torrents added before it and says: {line}");
            }
            await process.WaitForExitAsync().WaitAsync(Lab.Patience);
            findings.Require(added.Count > before, $"life {life} added nothing");
        }
        TorrentClient client = await lab.OpenAsync(o => o with { StateDirectory = state });
        var there = client.Sessions.Select(static s => s.InfoHash).ToHashSet();
        findings.LostTorrents(added.Count(h => !there.Contains(h)), "torrents whose AddAsync had returned are not there at the end");
        await Wait.CloseAsync(findings, client, "the client");
        return $"{kills} kills in the instant of an AddAsync's return; {added.Count} calls had returned, all torrents are there ({there.Count - added.Count} more whose call had not)";
    }
}
