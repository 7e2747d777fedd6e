using CcBt.Core.Interop.ExternalClients;
using CcBt.Core.Interop.Payloads;

namespace CcBt.Core.Interop.Matrix;

/// <summary>Downloads from, and seeds to, one real client whose address is known.</summary>
public sealed class DirectPeerTests
{
    private const int Length = 5 * (1 << 20) + 12_345;

    [RealClientTheory(RealClient.LibTorrent, RealClient.Transmission, RealClient.Aria2)]
    [InlineData("LibTorrent")]
    [InlineData("Transmission")]
    [InlineData("Aria2")]
    public async Task We_download_from(string seeder)
    {
        await using var lab = new Lab();
        (LibTorrent libtorrent, Payload payload, TestTorrent torrent) = await PrepareAsync(lab);
        Endpoint peer = await Seeding.SeedAsync(Enum.Parse<RealClient>(seeder), libtorrent, torrent, payload.Folder);
        string output = lab.NewFolder("out");
        OurClient ours = await OurClient.OpenAsync(lab);

        TorrentSession session = await ours.LeechAsync(torrent.Path, output, peer);
        await ours.WaitUntilCompleteAsync(session);

        payload.AssertSameIn(output);
        Assert.Equal(0, session.Status.WastedBytes);
    }

    [RealClientTheory(RealClient.LibTorrent, RealClient.Transmission, RealClient.Aria2)]
    [InlineData("LibTorrent")]
    [InlineData("Transmission")]
    [InlineData("Aria2")]
    public async Task We_seed_to(string leecher)
    {
        await using var lab = new Lab();
        (LibTorrent libtorrent, Payload payload, TestTorrent torrent) = await PrepareAsync(lab);
        string output = lab.NewFolder("out");
        OurClient ours = await OurClient.OpenAsync(lab);
        TorrentSession session = await ours.SeedAsync(torrent, payload.Folder);

        // libtorrent dials us; the others can not be told to, so we dial them.
        (Endpoint peer, Func<Task> completion) = await Seeding.LeechAsync(Enum.Parse<RealClient>(leecher), libtorrent, torrent, output, ours.Endpoint);
        if (leecher != "LibTorrent")
            session.AddPeers(OurClient.Peers(peer));
        await completion();

        payload.AssertSameIn(output);
        await lab.UntilAsync(() => Task.FromResult(session.Status.UploadedBytes >= Length), () => $"the seeder to count what it sent: {session.Status}");
    }

    [RealClientFact(RealClient.LibTorrent)]
    public async Task A_seeder_that_dials_us_is_downloaded_from()
    {
        await using var lab = new Lab();
        (LibTorrent libtorrent, Payload payload, TestTorrent torrent) = await PrepareAsync(lab);
        LibTorrentDownload seed = await (await libtorrent.OpenAsync()).SeedAsync(torrent, payload.Folder);
        string output = lab.NewFolder("out");
        OurClient ours = await OurClient.OpenAsync(lab);
        TorrentSession session = await ours.LeechAsync(torrent.Path, output);

        await seed.ConnectAsync(ours.Endpoint);
        await ours.WaitUntilCompleteAsync(session);

        payload.AssertSameIn(output);
    }

    [RealClientFact(RealClient.LibTorrent)]
    public async Task A_magnet_link_with_a_known_peer_is_downloaded()
    {
        await using var lab = new Lab();
        (LibTorrent libtorrent, Payload payload, TestTorrent torrent) = await PrepareAsync(lab);
        Endpoint peer = await Seeding.SeedAsync(RealClient.LibTorrent, libtorrent, torrent, payload.Folder);
        string output = lab.NewFolder("out");
        OurClient ours = await OurClient.OpenAsync(lab);

        TorrentSession session = await ours.LeechAsync($"{torrent.Magnet}&x.pe={peer}", output);
        await ours.WaitUntilCompleteAsync(session);

        payload.AssertSameIn(output);
    }

    [RealClientFact(RealClient.LibTorrent)]
    public async Task A_magnet_link_is_served_by_us()
    {
        await using var lab = new Lab();
        (LibTorrent libtorrent, Payload payload, TestTorrent torrent) = await PrepareAsync(lab);
        OurClient ours = await OurClient.OpenAsync(lab);
        await ours.SeedAsync(torrent, payload.Folder, trust: true);
        string output = lab.NewFolder("out");

        LibTorrentDownload leech = await (await libtorrent.OpenAsync()).LeechMagnetAsync(torrent.InfoHash, output, [ours.Endpoint]);
        await leech.WaitUntilCompleteAsync();

        payload.AssertSameIn(output);
    }

    private static async Task<(LibTorrent LibTorrent, Payload Payload, TestTorrent Torrent)> PrepareAsync(Lab lab)
    {
        var libtorrent = new LibTorrent(lab);
        Payload payload = Payload.SingleFile(lab.NewFolder("data"), "one.bin", Length);
        return (libtorrent, payload, await libtorrent.CreateAsync(payload.Path, 1 << 16));
    }
}
