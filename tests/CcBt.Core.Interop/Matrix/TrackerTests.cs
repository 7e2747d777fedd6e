using CcBt.Core.Interop.ExternalClients;
using CcBt.Core.Interop.Payloads;

namespace CcBt.Core.Interop.Matrix;

/// <summary>Downloads from, and seeds to, real clients that only opentracker knows of.</summary>
public sealed class TrackerTests
{
    [RealClientTheory(RealClient.LibTorrent, RealClient.Transmission, RealClient.Aria2, RealClient.OpenTracker)]
    [InlineData("LibTorrent", "http")]
    [InlineData("Transmission", "http")]
    [InlineData("Aria2", "http")]
    [InlineData("LibTorrent", "udp")]
    [InlineData("Transmission", "udp")]
    [InlineData("Aria2", "udp")]
    public async Task We_find_and_download_from(string seeder, string scheme)
    {
        await using var lab = new Lab(90);
        (LibTorrent libtorrent, Payload payload, TestTorrent torrent, _) = await PrepareAsync(lab, scheme);
        await Seeding.SeedAsync(Enum.Parse<RealClient>(seeder), libtorrent, torrent, payload.Folder);
        string output = lab.NewFolder("out");
        OurClient ours = await OurClient.OpenAsync(lab);

        TorrentSession session = await ours.LeechAsync(torrent.Path, output);
        await ours.WaitUntilCompleteAsync(session);

        payload.AssertSameIn(output);
    }

    [RealClientTheory(RealClient.LibTorrent, RealClient.Transmission, RealClient.Aria2, RealClient.OpenTracker)]
    [InlineData("LibTorrent", "http")]
    [InlineData("Transmission", "http")]
    [InlineData("Aria2", "http")]
    [InlineData("LibTorrent", "udp")]
    [InlineData("Transmission", "udp")]
    [InlineData("Aria2", "udp")]
    public async Task We_are_found_and_seed_to(string leecher, string scheme)
    {
        await using var lab = new Lab(90);
        (LibTorrent libtorrent, Payload payload, TestTorrent torrent, OpenTracker tracker) = await PrepareAsync(lab, scheme);
        OurClient ours = await OurClient.OpenAsync(lab);
        await ours.SeedAsync(torrent, payload.Folder);
        await tracker.WaitForSeedAsync(lab, torrent.InfoHash);
        string output = lab.NewFolder("out");

        (_, Func<Task> completion) = await Seeding.LeechAsync(Enum.Parse<RealClient>(leecher), libtorrent, torrent, output);
        await completion();

        payload.AssertSameIn(output);
    }

    private static async Task<(LibTorrent LibTorrent, Payload Payload, TestTorrent Torrent, OpenTracker Tracker)> PrepareAsync(Lab lab, string scheme)
    {
        var libtorrent = new LibTorrent(lab);
        Payload payload = Payload.SingleFile(lab.NewFolder("data"), "one.bin", 2 * (1 << 20) + 1);
        Endpoint endpoint = Endpoint.Next();
        TestTorrent torrent = await libtorrent.CreateAsync(payload.Path, 1 << 15, [$"{scheme}://{endpoint}/announce"]);
        return (libtorrent, payload, torrent, await OpenTracker.StartAsync(lab, endpoint, torrent.InfoHash));
    }
}
