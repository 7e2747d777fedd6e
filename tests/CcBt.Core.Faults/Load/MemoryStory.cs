using System.Diagnostics;
using System.Globalization;
using CcBt.Core.Faults.Clients;
using CcBt.Core.Faults.Stories;

namespace CcBt.Core.Faults.Load;

/// <summary>
/// A process whose heap may not grow beyond 200 MB downloads 24 torrents of 16 MiB at once, in pieces of 4 MiB, again and again. It must not run out of memory, and every
/// download ends.
/// </summary>
internal static class MemoryStory
{
    private const int UsualSeconds = 15;
    private const int Torrents = 24;
    private const int Bytes = 16 << 20;
    private const string HeapLimit = "C800000";

    public static async Task<string> PlayAsync(RunOptions options, Findings findings)
    {
        int seconds = options.Count > 0 ? options.Count : UsualSeconds;
        await using Lab lab = await Lab.CreateAsync(1);
        TorrentClient seeder = await lab.OpenAsync();
        string many = lab.FolderFor("many"), files = lab.FolderFor("torrents");
        Directory.CreateDirectory(many);
        Directory.CreateDirectory(files);
        var random = new Random(options.Seed);
        var content = new byte[Bytes];
        for (int i = 0; i < Torrents; i++)
        {
            random.NextBytes(content);
            string path = Path.Combine(many, $"{i:00}.bin");
            await File.WriteAllBytesAsync(path, content);
            Torrent torrent = await TorrentCreator.CreateAsync(path, new CreateTorrentOptions { PieceLength = 4 << 20 });
            await torrent.SaveAsync(Path.Combine(files, $"{i:00}.torrent"));
            TorrentSession session = await seeder.AddAsync(torrent, new AddTorrentOptions { SaveDirectory = many, TrustFiles = true });
            await session.StartAsync().WaitAsync(Lab.Patience);
        }
        var start = new ProcessStartInfo("dotnet",
            [typeof(MemoryStory).Assembly.Location, "swarm", files, lab.FolderFor("copy"), seeder.ListenEndPoints[0].ToString(), seconds.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string said = (await process.StandardOutput.ReadToEndAsync()).Trim();
        await process.WaitForExitAsync();
        findings.Require(process.ExitCode == 0, $"the process ended with code {process.ExitCode}: {await errors}");
        string[] words = said.Split(' ');
        if (words is not ["rounds", string rounds, "peak", string peak])
            return $"the process said '{said}'";
        return $"{rounds} rounds of {Torrents} downloads of 16 MiB in {seconds} s with a heap of at most 200 MB, of which {long.Parse(peak, CultureInfo.InvariantCulture) >> 20} MB were committed at the most; out of memory 0";
    }
}
