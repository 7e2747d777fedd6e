using System.Text.Json.Nodes;
using CcBt.Core.Interop.Payloads;

namespace CcBt.Core.Interop.ExternalClients;

/// <summary>The drivers of the real clients work with each other, before anything of ours takes part.</summary>
public sealed class DriverTests
{
    private const int Mebibyte = 1 << 20;

    [RealClientFact(RealClient.LibTorrent, RealClient.Transmission, RealClient.OpenTracker)]
    public async Task Transmission_finds_libtorrent_by_opentracker_over_http()
    {
        await using var lab = new Lab();
        var libtorrent = new LibTorrent(lab);
        Payload payload = Payload.SingleFile(lab.NewFolder("data"), "one.bin", 3 * Mebibyte + 5);
        Endpoint endpoint = Endpoint.Next();
        TestTorrent torrent = await libtorrent.CreateAsync(payload.Path, 1 << 16, [$"http://{endpoint}/announce"]);
        await OpenTracker.StartAsync(lab, endpoint, torrent.InfoHash);
        await (await libtorrent.OpenAsync()).SeedAsync(torrent, payload.Folder);
        string output = lab.NewFolder("out");
        Transmission transmission = await Transmission.StartAsync(lab, output);

        await transmission.WaitUntilCompleteAsync(await transmission.AddAsync(torrent.Path));

        payload.AssertSameIn(output);
    }

    [RealClientFact(RealClient.LibTorrent, RealClient.Aria2, RealClient.OpenTracker)]
    public async Task Aria2_finds_libtorrent_by_opentracker_over_udp_and_seeds_to_it()
    {
        await using var lab = new Lab();
        var libtorrent = new LibTorrent(lab);
        Payload payload = Payload.SingleFile(lab.NewFolder("data"), "one.bin", Mebibyte);
        Endpoint endpoint = Endpoint.Next();
        TestTorrent torrent = await libtorrent.CreateAsync(payload.Path, 1 << 16, [$"udp://{endpoint}/announce"]);
        await OpenTracker.StartAsync(lab, endpoint, torrent.InfoHash);
        LibTorrentDownload seed = await (await libtorrent.OpenAsync()).SeedAsync(torrent, payload.Folder);
        string output = lab.NewFolder("out"), second = lab.NewFolder("second");
        Aria2 aria2 = await Aria2.LeechAsync(lab, torrent.Path, output);

        await seed.AnnounceAsync();
        await aria2.WaitUntilCompleteAsync();
        await (await (await libtorrent.OpenAsync()).LeechAsync(torrent, second, [aria2.Endpoint])).WaitUntilCompleteAsync();

        payload.AssertSameIn(output);
        payload.AssertSameIn(second);
    }

    [RealClientFact(RealClient.LibTorrent)]
    public async Task A_magnet_link_is_found_on_a_private_dht()
    {
        await using var lab = new Lab();
        var libtorrent = new LibTorrent(lab);
        Payload payload = Payload.Tree(lab.NewFolder("data"), "many", [("a/ä.bin", 100_000), ("empty", 0), ("z.bin", 70_000)]);
        TestTorrent torrent = await libtorrent.CreateAsync(payload.Path, 1 << 14);
        PrivateDht dht = await PrivateDht.StartAsync(libtorrent);
        LibTorrentDownload seed = await (await dht.JoinAsync()).SeedAsync(torrent, payload.Folder);
        await dht.WaitUntilFoundAsync(torrent.InfoHash, seed);
        string output = lab.NewFolder("out");

        LibTorrentDownload leech = await (await dht.JoinAsync()).LeechMagnetAsync(torrent.InfoHash, output);
        await leech.AnnounceAsync(dht: true);
        await leech.WaitUntilCompleteAsync();

        payload.AssertSameIn(output);
    }

    [RealClientFact(RealClient.LibTorrent)]
    public async Task A_corrupting_peer_is_noticed_by_libtorrent()
    {
        await using var lab = new Lab();
        var libtorrent = new LibTorrent(lab);
        Payload payload = Payload.SingleFile(lab.NewFolder("data"), "one.bin", Mebibyte);
        TestTorrent torrent = await libtorrent.CreateAsync(payload.Path, 1 << 15);
        CorruptPeer corrupt = await CorruptPeer.StartAsync(lab, torrent, payload.Path, badPercent: 100);

        LibTorrentDownload leech = await (await libtorrent.OpenAsync()).LeechAsync(torrent, lab.NewFolder("out"), [corrupt.Endpoint]);

        JsonObject status = [];
        await lab.UntilAsync(async () => (long)(status = await leech.StatusAsync())["failed"]! > 0, () => $"no failed bytes: {status}");
        Assert.True(corrupt.WrongBlocks > 0);
    }

    [RealClientFact(RealClient.Nginx)]
    public async Task Nginx_serves_a_range_of_a_file()
    {
        await using var lab = new Lab();
        Payload payload = Payload.SingleFile(lab.NewFolder("data"), "one.bin", 1000);
        string url = await Nginx.ServeAsync(lab, payload.Folder);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, url + payload.Name) { Headers = { Range = new(10, 19) } };

        using HttpResponseMessage response = await client.SendAsync(request, lab.Token);

        Assert.Equal((await File.ReadAllBytesAsync(payload.Path, lab.Token))[10..20], await response.Content.ReadAsByteArrayAsync(lab.Token));
    }
}
