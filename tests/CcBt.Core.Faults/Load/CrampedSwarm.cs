using System.Globalization;
using System.Net;
using CcBt.Core.Faults.Clients;

namespace CcBt.Core.Faults.Load;

/// <summary>
/// A program that downloads torrents again and again, all at once, until its time is over, and gives to whoever asks. It says how often, and how large its heap was:
/// <c>rounds N peak BYTES</c>.
/// </summary>
internal static class CrampedSwarm
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [string torrents, string folder, string peer, string seconds])
            return 2;
        TimeSpan end = TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        int rounds = 0;
        long peak = 0;
        await using TorrentClient client = await TorrentClient.OpenAsync(Lab.Options() with { StateDirectory = folder + "-state", MaxConnections = 200 });
        string[] paths = Directory.GetFiles(torrents, "*.torrent");
        while (rounds == 0 || watch.Elapsed < end)
        {
            TorrentSession[] sessions = await Task.WhenAll(paths.Select(p => client.AddAsync(p, new AddTorrentOptions { SaveDirectory = folder, Peers = [IPEndPoint.Parse(peer)] })));
            await Task.WhenAll(sessions.Select(static s => s.StartAsync())).WaitAsync(Lab.Patience);
            Task done = Task.WhenAll(sessions.Select(static s => s.WaitForCompletionAsync())).WaitAsync(Lab.Patience);
            while (!done.IsCompleted)
            {
                await Task.WhenAny(done, Task.Delay(100));
                peak = Math.Max(peak, GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes);
            }
            await done;
            rounds++;
            await Task.WhenAll(sessions.Select(static s => s.RemoveAsync(deleteFiles: true)));
        }
        Console.WriteLine($"rounds {rounds} peak {peak}");
        return 0;
    }
}
