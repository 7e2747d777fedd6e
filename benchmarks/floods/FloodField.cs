using System.Diagnostics;
using CcBt.Core.Floods.Library;
using CcBt.Core.Floods.Peers;

namespace CcBt.Core.Floods;

/// <summary>The library in its process, a good peer beside it, and what both are measured by.</summary>
internal sealed class FloodField(FloodOptions options) : IAsyncDisposable
{
    private const double Mebibyte = 1 << 20;

    /// <summary>What a good peer that gives to the library has, so that its download outlasts the flood.</summary>
    private const double SeederRate = 8;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Baseline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SampleEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MostSettling = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("ccbt-floods-").FullName;
    private LibraryProcess? _library;
    private IGoodPeer? _good;
    private FloodPayload? _payload;

    public FloodOptions Options => options;

    public LibraryProcess Library => _library ?? throw new InvalidOperationException("The library is not open.");

    public FloodPayload Payload => _payload ?? throw new InvalidOperationException("The library is not open.");

    public int WrongBlocks => _good?.WrongBlocks ?? 0;

    /// <summary>Lets the library seed, and a good peer download from it.</summary>
    public async Task OpenSeedingAsync(LibrarySetup setup)
    {
        _payload = await FloodPayload.WriteAsync(_folder, 64 << 20, copies: 1);
        _library = await LibraryProcess.StartAsync(typeof(FloodField).Assembly.Location, setup with { Torrent = _payload.TorrentPath, Folder = _payload.Folder });
        _good = await GoodLeecher.StartAsync(_payload, TestAddresses.Global(1), _library.Port, options.GoodRate * Mebibyte);
    }

    /// <summary>Lets the library download from a good peer.</summary>
    public async Task OpenLeechingAsync()
    {
        _payload = await FloodPayload.WriteAsync(_folder, 64 << 20, copies: 10);
        var seeder = new GoodSeeder(_payload, TestAddresses.Global(1), SeederRate * Mebibyte);
        _good = seeder;
        string downloads = Directory.CreateDirectory(Path.Combine(_folder, "downloads")).FullName;
        _library = await LibraryProcess.StartAsync(typeof(FloodField).Assembly.Location,
            new LibrarySetup { Torrent = _payload.TorrentPath, Folder = downloads, Seeds = false, Peers = [seeder.Local.ToString()] });
    }

    /// <summary>Measures the good peer and the library alone, then under the flood until that ends by itself.</summary>
    public async Task<FloodMeasure> MeasureAsync(Func<Task> flood)
    {
        await Task.Delay(WarmUp);
        (double before, long idle, _, _) = await SampleAsync(Task.Delay(Baseline));
        ProcessUse use = Library.Use();
        (double during, long peak, double cores, double seconds) = await SampleAsync(flood());
        return new FloodMeasure(before, during, idle, peak, cores, seconds, use);
    }

    /// <summary>Waits until the library holds no more handles than before and counts the good peer alone, for some seconds at most, and says what it holds then.</summary>
    public async Task<ProcessUse> SettleAsync(ProcessUse before)
    {
        long began = Stopwatch.GetTimestamp();
        ProcessUse now = Library.Use();
        while ((now.Handles > before.Handles || (await Library.StateAsync()).ConnectedPeers != 1) && Stopwatch.GetElapsedTime(began) < MostSettling)
        {
            await Task.Delay(SampleEvery);
            now = Library.Use();
        }
        return now;
    }

    public async ValueTask DisposeAsync()
    {
        if (_good is not null)
            await _good.DisposeAsync();
        if (_library is not null)
            await _library.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<(double Good, long Peak, double Cores, double Seconds)> SampleAsync(Task until)
    {
        long began = Stopwatch.GetTimestamp(), goodBefore = _good!.PayloadBytes, peak = 0;
        TimeSpan cpuBefore = Library.Use().CpuTime;
        while (true)
        {
            ProcessUse use = Library.Use();
            peak = Math.Max(peak, use.ResidentBytes);
            if (until.IsCompleted)
            {
                await until;
                double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
                return ((_good.PayloadBytes - goodBefore) / seconds, peak, (use.CpuTime - cpuBefore).TotalSeconds / seconds, seconds);
            }
            await Task.WhenAny(until, Task.Delay(SampleEvery));
        }
    }
}
