using System.Net;
using CcBt.Core.Faults.Clients;
using CcBt.Core.Faults.Stories;

namespace CcBt.Core.Faults.Crash;

/// <summary>
/// Downloads in a process that is killed again and again, each time at a random moment between its birth and its last piece. After each kill
/// the state and the files are looked at with our own eyes; then the next process goes on with them.
/// </summary>
internal static class CrashStory
{
    private const int UsualKills = 20;
    private const int Bytes = 12 << 20;
    private const int SeedRate = 4 << 20;

    public static async Task<string> PlayAsync(RunOptions options, Findings findings)
    {
        int kills = options.Count > 0 ? options.Count : UsualKills;
        var random = new Random(options.Seed);
        await using Lab lab = await Lab.CreateAsync(Bytes);
        IPEndPoint seeder = await lab.SeedAsync(o => o with { UploadBytesPerSecond = SeedRate });
        var tally = new CrashTally();
        while (tally.Kills < kills)
        {
            TimeSpan[] intervals = [TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)];
            var run = new CrashRun(lab, seeder, $"run-{tally.Downloads}", intervals[tally.Downloads % intervals.Length], random, findings, tally);
            while (tally.Kills < kills && await run.KillOneAsync())
            {
            }
            await run.FinishAsync();
            tally.Downloads++;
        }
        return tally.ToString();
    }
}
