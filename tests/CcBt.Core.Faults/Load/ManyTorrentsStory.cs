using System.Diagnostics;
using System.Net;
using CcBt.Core.Faults.Clients;
using CcBt.Core.Faults.Stories;

namespace CcBt.Core.Faults.Load;

/// <summary>
/// A client with many torrents on a real disk: all but ten are idle seeds, ten are downloaded by somebody. Counts what adding, coming back, idling and
/// closing cost.
/// </summary>
internal static class ManyTorrentsStory
{
    private const int UsualTorrents = 200;
    private const int Active = 10;
    private const int FileBytes = 40_000;
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(8);

    /// <summary>Until what a start changes is saved.</summary>
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(7);

    public static async Task<string> PlayAsync(RunOptions options, Findings findings)
    {
        int count = options.Count > 0 ? options.Count : UsualTorrents;
        await using Lab lab = await Lab.CreateAsync(1);
        int open = OpenHandles.Count(lab.Folder);
        Torrent[] torrents = await CreateAsync(lab, count, options.Seed);
        string state = lab.FolderFor("state");
        double each = await AddOneByOneAsync(lab, torrents, findings);
        (double added, int saved) = await AddAtOnceAsync(lab, torrents, state, findings);
        findings.LostTorrents(count - saved, $"{saved} states of {count} are on the disk when the adds have returned");

        int handlesBefore = OpenHandles.FilesOf(lab.Folder), threadsBefore = ProcessThreads();
        long heapBefore = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();
        TorrentClient client = await lab.OpenAsync(o => o with { StateDirectory = state });
        findings.LostTorrents(count - client.Sessions.Count, "torrents that did not come back");
        await Task.WhenAll(client.Sessions.Select(static s => s.StartAsync())).WaitAsync(Lab.Patience);
        await Wait.UntilAsync(findings, () => client.Sessions.All(static s => s.Status.IsComplete), () => $"{client.Sessions.Count(static s => s.Status.IsComplete)} of {count} are complete");
        double started = watch.Elapsed.TotalSeconds;
        await Task.Delay(s_rest);
        long heap = (GC.GetTotalMemory(forceFullCollection: true) - heapBefore) / count;
        double cpu = await IdleCpuAsync();
        int handles = OpenHandles.FilesOf(lab.Folder) - handlesBefore;
        double served = await DownloadAsync(lab, torrents[..Math.Min(Active, count)], client.ListenEndPoints[0], findings);
        int handlesActive = OpenHandles.FilesOf(lab.Folder) - handlesBefore;

        findings.Require(started <= 10, $"the start took {started:0.0} s");
        findings.Require(cpu < 0.03, $"idle CPU is {cpu:P1} of a core");
        findings.Require(heap <= 50 << 10, $"{heap:N0} managed bytes each");
        findings.Require(handles <= 40, $"{handles} handles beside sockets while idle");
        watch.Restart();
        await Wait.CloseAsync(findings, client, "the client");
        double closed = watch.Elapsed.TotalSeconds;
        (int leaked, string what) = await OpenHandles.MoreThanAsync(open, lab.Folder);
        findings.Leaked(leaked, what);
        return $"{count} torrents: added one by one {each * 1000:0.0} ms each, at once {added:0.00} s; back and complete {started:0.00} s after opening; idle CPU {cpu:P2} of a core, {heap:N0} managed bytes each, "
            + $"{handles} handles beside sockets ({handlesActive} while {Active} are downloaded, which took {served:0.0} s), {ProcessThreads() - threadsBefore} threads more; closed in {closed:0.00} s";
    }

    private static async Task<Torrent[]> CreateAsync(Lab lab, int count, int seed)
    {
        var random = new Random(seed);
        var torrents = new Torrent[count];
        var content = new byte[FileBytes];
        Directory.CreateDirectory(lab.FolderFor("many"));
        for (int i = 0; i < count; i++)
        {
            random.NextBytes(content);
            string path = Path.Combine(lab.FolderFor("many"), $"{i:0000}.bin");
            await File.WriteAllBytesAsync(path, content);
            torrents[i] = await TorrentCreator.CreateAsync(path, new CreateTorrentOptions { PieceLength = 16 << 10 });
        }
        return torrents;
    }

    /// <summary>Seconds that one add takes, each after the other, on a state of its own.</summary>
    private static async Task<double> AddOneByOneAsync(Lab lab, Torrent[] torrents, Findings findings)
    {
        TorrentClient client = await lab.OpenAsync(o => o with { StateDirectory = lab.FolderFor("other-state") });
        Torrent[] some = torrents[..Math.Min(100, torrents.Length)];
        var watch = Stopwatch.StartNew();
        foreach (Torrent torrent in some)
            await client.AddAsync(torrent, new AddTorrentOptions { SaveDirectory = lab.FolderFor("many") });
        double seconds = watch.Elapsed.TotalSeconds / some.Length;
        await Wait.CloseAsync(findings, client, "the client that adds one by one");
        return seconds;
    }

    private static async Task<(double Seconds, int Saved)> AddAtOnceAsync(Lab lab, Torrent[] torrents, string state, Findings findings)
    {
        TorrentClient client = await lab.OpenAsync(o => o with { StateDirectory = state });
        var watch = Stopwatch.StartNew();
        TorrentSession[] sessions = await Task.WhenAll(torrents.Select(t => client.AddAsync(t, new AddTorrentOptions { SaveDirectory = lab.FolderFor("many") })));
        double seconds = watch.Elapsed.TotalSeconds;
        int saved = Directory.GetFiles(Path.Combine(state, "sessions"), "*.state").Length;
        await Task.WhenAll(sessions.Select(static s => s.StartAsync())).WaitAsync(Lab.Patience);
        await Task.WhenAll(sessions.Select(static s => s.WaitForCompletionAsync())).WaitAsync(Lab.Patience);
        await Wait.CloseAsync(findings, client, "the client that adds at once");
        return (seconds, saved);
    }

    private static async Task<double> IdleCpuAsync()
    {
        using Process process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        await Task.Delay(s_idle);
        process.Refresh();
        return (process.TotalProcessorTime - before) / watch.Elapsed;
    }

    private static async Task<double> DownloadAsync(Lab lab, Torrent[] torrents, IPEndPoint from, Findings findings)
    {
        TorrentClient taker = await lab.OpenAsync();
        var watch = Stopwatch.StartNew();
        TorrentSession[] sessions = await Task.WhenAll(torrents.Select(t => taker.AddAsync(t, new AddTorrentOptions { SaveDirectory = lab.FolderFor("taken"), Peers = [from] })));
        await Task.WhenAll(sessions.Select(static s => s.StartAsync())).WaitAsync(Lab.Patience);
        await Task.WhenAll(sessions.Select(static s => s.WaitForCompletionAsync())).WaitAsync(Lab.Patience);
        double seconds = watch.Elapsed.TotalSeconds;
        foreach (Torrent torrent in torrents)
        {
            bool isSame = File.ReadAllBytes(Path.Combine(lab.FolderFor("taken"), torrent.Name)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(lab.FolderFor("many"), torrent.Name)));
            findings.Wrong(isSame ? 0 : torrent.PieceCount, $"{torrent.Name} was taken and differs");
        }
        await Wait.CloseAsync(findings, taker, "the taker");
        return seconds;
    }

    private static int ProcessThreads()
    {
        using Process process = Process.GetCurrentProcess();
        return process.Threads.Count;
    }
}
