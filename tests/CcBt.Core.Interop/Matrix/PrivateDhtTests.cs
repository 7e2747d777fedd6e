using CcBt.Core.Interop.ExternalClients;
using CcBt.Core.Interop.Payloads;

namespace CcBt.Core.Interop.Matrix;

/// <summary>
/// Magnet links over a DHT of libtorrent nodes. Transmission asks and announces only about 40 s after it has joined a network of this
/// size, so these tests take their time.
/// </summary>
public sealed class PrivateDhtTests
{
    [RealClientTheory(RealClient.LibTorrent, RealClient.Transmission, RealClient.Aria2)]
    [InlineData("LibTorrent")]
    [InlineData("Transmission")]
    [InlineData("Aria2")]
    public async Task We_download_a_magnet_link_from(string seeder)
    {
        await using var lab = new Lab(150);
        (LibTorrent libtorrent, Payload payload, TestTorrent torrent, PrivateDht dht) = await PrepareAsync(lab);
        await Seeding.SeedAsync(Enum.Parse<RealClient>(seeder), libtorrent, torrent, payload.Folder, dht);
        await dht.WaitUntilFoundAsync(torrent.InfoHash);
        string output = lab.NewFolder("out");
        OurClient ours = await OurClient.OpenAsync(lab, dht.Router);

        TorrentSession session = await ours.LeechAsync(torrent.Magnet, output);
        await ours.WaitUntilCompleteAsync(session);

        payload.AssertSameIn(output);
    }

    [RealClientTheory(RealClient.LibTorrent, RealClient.Transmission, RealClient.Aria2)]
    [InlineData("LibTorrent")]
    [InlineData("Transmission")]
    [InlineData("Aria2")]
    public async Task We_seed_a_magnet_link_to(string leecher)
    {
        await using var lab = new Lab(150);
        (LibTorrent libtorrent, Payload payload, TestTorrent torrent, PrivateDht dht) = await PrepareAsync(lab);
        OurClient ours = await OurClient.OpenAsync(lab, dht.Router);
        await ours.SeedAsync(torrent, payload.Folder);
        await dht.WaitUntilFoundAsync(torrent.InfoHash);
        string output = lab.NewFolder("out");

        (_, Func<Task> completion) = await Seeding.LeechAsync(Enum.Parse<RealClient>(leecher), libtorrent, torrent, output, dht: dht);
        await completion();

        payload.AssertSameIn(output);
    }

    private static async Task<(LibTorrent LibTorrent, Payload Payload, TestTorrent Torrent, PrivateDht Dht)> PrepareAsync(Lab lab)
    {
        var libtorrent = new LibTorrent(lab);
        Payload payload = Payload.Tree(lab.NewFolder("data"), "magnet", [("a.bin", 400_000), ("b/c.bin", 300_001)]);
        TestTorrent torrent = await libtorrent.CreateAsync(payload.Path, 1 << 14);
        return (libtorrent, payload, torrent, await PrivateDht.StartAsync(libtorrent));
    }
}
