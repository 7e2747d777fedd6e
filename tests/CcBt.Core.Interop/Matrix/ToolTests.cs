using System.Diagnostics;
using System.Text.Json.Nodes;
using CcBt.Core.Interop.ExternalClients;
using CcBt.Core.Interop.Payloads;

namespace CcBt.Core.Interop.Matrix;

/// <summary>The tool against libtorrent, by its contract: events, exit codes, signals.</summary>
public sealed class ToolTests
{
    private const int Length = 6 * (1 << 20) + 1;

    [RealClientFact(RealClient.LibTorrent)]
    public async Task It_downloads_from_a_given_peer_and_says_so_in_order()
    {
        await using var lab = new Lab();
        (LibTorrent libtorrent, Payload payload, TestTorrent torrent) = await PrepareAsync(lab);
        Endpoint seeder = await Seeding.SeedAsync(RealClient.LibTorrent, libtorrent, torrent, payload.Folder);
        string output = lab.NewFolder("out");

        CcbtTool tool = Download(lab, torrent.Path, output, "--peer", seeder.ToString());
        int code = await tool.WaitForExitAsync();

        Assert.True(code == 0, tool.Process.Output);
        payload.AssertSameIn(output);
        AssertOrder(tool, "ready", "started", "done");
        Assert.Equal(Length, (long)Last(tool, "done")["bytes"]!);
    }

    [RealClientFact(RealClient.LibTorrent)]
    public async Task It_downloads_a_magnet_link_over_the_dht()
    {
        await using var lab = new Lab();
        (LibTorrent libtorrent, Payload payload, TestTorrent torrent) = await PrepareAsync(lab);
        PrivateDht dht = await PrivateDht.StartAsync(libtorrent);
        await Seeding.SeedAsync(RealClient.LibTorrent, libtorrent, torrent, payload.Folder, dht);
        string output = lab.NewFolder("out");

        CcbtTool tool = CcbtTool.Start(lab, "download", torrent.Magnet, "-o", output, "--dht-router", dht.Router.ToString(), "--no-lsd", "--no-trackers",
            "--listen", Endpoint.Next().ToString(), "--json");
        int code = await tool.WaitForExitAsync();

        Assert.True(code == 0, tool.Process.Output);
        payload.AssertSameIn(output);
        AssertOrder(tool, "ready", "first_peer", "metadata", "started", "done");
    }

    [RealClientFact(RealClient.LibTorrent)]
    public async Task It_seeds_until_it_is_interrupted()
    {
        await using var lab = new Lab();
        (LibTorrent libtorrent, Payload payload, TestTorrent torrent) = await PrepareAsync(lab);
        Endpoint endpoint = Endpoint.Next();
        CcbtTool tool = CcbtTool.Start(lab, "seed", torrent.Path, "--data", payload.Folder, "--listen", endpoint.ToString(),
            "--no-dht", "--no-lsd", "--no-trackers", "--json");
        await tool.WaitForAsync("ready");
        string output = lab.NewFolder("out");

        await (await (await libtorrent.OpenAsync()).LeechAsync(torrent, output, [endpoint])).WaitUntilCompleteAsync();
        var clock = Stopwatch.StartNew();
        tool.Process.Interrupt();
        int code = await tool.WaitForExitAsync();

        payload.AssertSameIn(output);
        Assert.True(code == 0, tool.Process.Output);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"it took {clock.Elapsed} to end");
    }

    [RealClientTheory(RealClient.LibTorrent)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_download_that_is_ended_half_way_goes_on_where_it_was(bool killed)
    {
        await using var lab = new Lab(90);
        (LibTorrent libtorrent, Payload payload, TestTorrent torrent) = await PrepareAsync(lab);
        LibTorrentSession seeder = await libtorrent.OpenAsync();
        LibTorrentDownload seed = await seeder.SeedAsync(torrent, payload.Folder, uploadLimit: 1_000_000);
        string output = lab.NewFolder("out"), state = lab.NewFolder("state");
        CcbtTool first = Download(lab, torrent.Path, output, "--peer", seeder.Endpoint.ToString(), "--state", state);
        await lab.UntilAsync(async () => (long)(await seed.StatusAsync())["uploaded"]! > Length / 2 || first.Process.HasEnded, () => first.Process.Output);

        if (killed)
            await first.Process.KillAsync(lab.Token);
        else
            first.Process.Interrupt();
        int code = await first.WaitForExitAsync();
        Assert.True(killed || code == 1, $"exit {code}\n{first.Process.Output}");
        CcbtTool second = Download(lab, torrent.Path, output, "--peer", seeder.Endpoint.ToString(), "--state", state);
        Assert.True(await second.WaitForExitAsync() == 0, second.Process.Output);

        payload.AssertSameIn(output);
        long uploaded = (long)(await seed.StatusAsync())["uploaded"]!;
        // A kill loses at most what came since the last save (5 s at 1 MB/s); an interrupt only pieces in flight.
        long mostAgain = killed ? 6_000_000 : 2_000_000;
        Assert.True(uploaded <= Length + mostAgain, $"{uploaded} bytes were fetched for {Length}");
    }

    [RealClientFact(RealClient.LibTorrent)]
    public async Task It_verifies_data_on_disk()
    {
        await using var lab = new Lab();
        (_, Payload payload, TestTorrent torrent) = await PrepareAsync(lab);

        CcbtTool good = CcbtTool.Start(lab, "verify", torrent.Path, "--data", payload.Folder, "--json");
        Assert.True(await good.WaitForExitAsync() == 0, good.Process.Output);
        await using (FileStream file = File.OpenWrite(payload.Path))
            file.WriteByte(0xAA);
        CcbtTool bad = CcbtTool.Start(lab, "verify", torrent.Path, "--data", payload.Folder, "--json");

        Assert.True(await bad.WaitForExitAsync() == 1, bad.Process.Output);
        Assert.Equal("bad", (string)Last(bad, "file")["state"]!);
    }

    private static CcbtTool Download(Lab lab, string source, string output, params string[] more)
        => CcbtTool.Start(lab, ["download", source, "-o", output, "--listen", Endpoint.Next().ToString(), "--no-dht", "--no-lsd", "--no-trackers", "--json", .. more]);

    private static JsonObject Last(CcbtTool tool, string kind) => tool.Events.Last(e => (string)e["event"]! == kind);

    private static void AssertOrder(CcbtTool tool, params string[] kinds)
        => Assert.Equal(kinds, tool.Events.Select(e => (string)e["event"]!).Where(kinds.Contains));

    private static async Task<(LibTorrent LibTorrent, Payload Payload, TestTorrent Torrent)> PrepareAsync(Lab lab)
    {
        var libtorrent = new LibTorrent(lab);
        Payload payload = Payload.SingleFile(lab.NewFolder("data"), "one.bin", Length);
        return (libtorrent, payload, await libtorrent.CreateAsync(payload.Path, 1 << 16));
    }
}
