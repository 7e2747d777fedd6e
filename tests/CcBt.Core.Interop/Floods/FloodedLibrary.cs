using CcBt.Core.Floods.Library;
using CcBt.Core.Floods.Peers;
using CcBt.Core.Interop.Cli;
using CcBt.Core.Interop.ExternalClients;

namespace CcBt.Core.Interop.Floods;

/// <summary>The library seeding in a process of its own, and a good peer that downloads all of it, slowly enough to see the flood.</summary>
internal sealed class FloodedLibrary : IAsyncDisposable
{
    private const int PayloadBytes = 8 << 20;
    private const double GoodBytesPerSecond = 4 << 20;

    private readonly Lab _lab;

    private FloodedLibrary(Lab lab, FloodPayload payload, LibraryProcess process, GoodLeecher good)
    {
        _lab = lab;
        Payload = payload;
        Process = process;
        Good = good;
    }

    public FloodPayload Payload { get; }

    public LibraryProcess Process { get; }

    public GoodLeecher Good { get; }

    /// <summary>Starts both, and waits until the good peer is served.</summary>
    public static async Task<FloodedLibrary> StartAsync(Lab lab)
    {
        FloodPayload payload = await FloodPayload.WriteAsync(lab.NewFolder("seed"), PayloadBytes, copies: 1);
        LibraryProcess process = lab.Keep(await LibraryProcess.StartAsync(Built.Floods, new LibrarySetup { Torrent = payload.TorrentPath, Folder = payload.Folder }));
        GoodLeecher good = await GoodLeecher.StartAsync(payload, TestAddresses.Private(0), process.Port, GoodBytesPerSecond);
        FloodedLibrary library = lab.Keep(new FloodedLibrary(lab, payload, process, good));
        await lab.UntilAsync(async () => good.PayloadBytes > 0 && (await process.StateAsync()).ConnectedPeers == 1, () => "the good peer to be served");
        return library;
    }

    /// <summary>Waits until nothing of the flood is left: no link but the good peer's, no socket and no other handle.</summary>
    public async Task UntilAsBeforeAsync(ProcessUse before)
    {
        ProcessUse now = before;
        await _lab.UntilAsync(
            async () => (now = Process.Use()).Sockets == before.Sockets && now.Handles <= before.Handles && (await Process.StateAsync()).ConnectedPeers == 1,
            () => $"what the flood held to be released: {now}, before it {before}");
    }

    public ValueTask DisposeAsync() => Good.DisposeAsync();
}
