using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace CcBt.Core.Interop.Cli;

/// <summary>Downloads and seeds between processes of the tool, on loopback.</summary>
public sealed class CliTransferTests(CliFolder folder) : IClassFixture<CliFolder>
{
    private static readonly string[] _alone = ["--listen", "127.0.0.1:0", "--no-dht", "--no-lsd", "--no-trackers", "--json"];

    [Fact]
    public async Task A_magnet_link_downloads_from_a_peer_and_tells_everything_in_order()
    {
        (SampleProcess seeder, string endPoint) = await folder.SeedAsync("127.0.0.1:0", "--trust", "--no-dht", "--no-trackers");
        await using SampleProcess seeding = seeder;

        await using SampleProcess download = folder.Ccbt(["download", folder.Magnet, "-o", "by-magnet", "--peer", endPoint, .. _alone]);

        Assert.Equal(0, await download.ExitAsync());
        string[] told = [.. download.EventNames.Where(n => n is not ("progress" or "peers" or "first_peer"))];
        Assert.Equal(["ready", "metadata", "started", "done"], told);
        Assert.Contains("first_peer", download.EventNames);
        JsonElement done = download.Events[^1];
        Assert.True(done.GetProperty("complete").GetBoolean());
        Assert.Equal(1_570_001, done.GetProperty("bytes").GetInt64());
        double[] times = [.. download.Events.Select(e => e.GetProperty("t").GetDouble())];
        Assert.Equal(times.Order(), times);
        Assert.InRange(times[0], 0.01, 60);
        Assert.True(folder.HasPayload("by-magnet"));
        Assert.Empty(await download.ErrorsAsync());
    }

    [Fact]
    public async Task Chosen_files_come_and_others_never_appear()
    {
        (SampleProcess seeder, string endPoint) = await folder.SeedAsync("127.0.0.1:0", "--no-dht", "--no-trackers");
        await using SampleProcess seeding = seeder;

        await using SampleProcess download = folder.Ccbt(["download", folder.Torrent, "-o", "chosen", "--select", "sub/*", "--peer", endPoint, .. _alone]);

        Assert.Equal(0, await download.ExitAsync());
        Assert.Equal(CliFolder.Bytes(2, 70_001), File.ReadAllBytes(folder.In("chosen", "set", "sub", "b.bin")));
        Assert.False(File.Exists(folder.In("chosen", "set", "a.bin")));
    }

    [Fact]
    public async Task A_magnet_link_is_found_through_the_dht_and_a_search_ends_by_itself()
    {
        // The first node knows nobody but a router that never answers: it is the whole DHT.
        (SampleProcess router, string routerAddress) = await folder.SeedAsync("127.78.0.1:0", "--no-trackers", "--dht-router", "127.78.0.99:9");
        await using SampleProcess routing = router;
        string[] join = ["--no-trackers", "--dht-router", routerAddress];
        (SampleProcess seeder, string seederAddress) = await folder.SeedAsync("127.78.0.2:0", join);
        await using SampleProcess seeding = seeder;

        await using SampleProcess download = folder.Ccbt(["download", folder.Magnet, "-o", "by-dht", "--listen", "127.78.0.3:0", "--no-lsd", "--json", .. join]);
        Assert.Equal(0, await download.ExitAsync());
        Assert.True(folder.HasPayload("by-dht"));
        Assert.Equal("Dht", (await download.EventAsync("first_peer")).GetProperty("source").GetString());

        var clock = Stopwatch.StartNew();
        await using SampleProcess search = folder.Ccbt("dht", "get-peers", folder.InfoHash, "--router", routerAddress, "--json");
        Assert.Equal(0, await search.ExitAsync());
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Contains(seederAddress, (await search.EventAsync("peers")).GetProperty("peers").Deserialize<string[]>()!);
        Assert.True((await search.EventAsync("done")).GetProperty("complete").GetBoolean());
    }

    [Fact]
    public async Task A_download_that_is_interrupted_ends_with_1_and_goes_on_from_its_state()
    {
        (SampleProcess seeder, string endPoint) = await folder.SeedAsync("127.0.0.1:0", "--no-dht", "--no-trackers", "--up", "400K");
        await using SampleProcess seeding = seeder;
        string[] arguments = ["download", folder.Magnet, "-o", "resumed", "--state", "state", "--peer", endPoint, .. _alone];

        await using SampleProcess first = folder.Ccbt(arguments);
        JsonElement had = await first.EventAsync("progress", p => p.GetProperty("bytes").GetInt64() > 0);
        Assert.Equal(1, await EndAsync(first, SampleProcess.Terminate));
        Assert.Equal("error", first.EventNames.Last());
        Assert.Equal("Interrupted", first.Events[^1].GetProperty("code").GetString());
        Assert.DoesNotContain("done", first.EventNames);

        await using SampleProcess second = folder.Ccbt(arguments);
        JsonElement progress = await second.EventAsync("progress");
        Assert.True(progress.GetProperty("bytes").GetInt64() >= had.GetProperty("bytes").GetInt64());
        Assert.Equal(0, await second.ExitAsync());
        Assert.True(folder.HasPayload("resumed"));
    }

    [Fact]
    public async Task Other_torrents_that_are_kept_in_the_state_folder_stay_as_they_are()
    {
        (SampleProcess seeder, string endPoint) = await folder.SeedAsync("127.0.0.1:0", "--no-dht", "--no-trackers");
        await using SampleProcess seeding = seeder;
        var other = new MagnetLink(InfoHash.Parse(new string('c', 40))) { Name = "another" };
        var options = new TorrentClientOptions
        {
            StateDirectory = folder.In("shared"), ListenEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)], EnableDht = false, EnableLocalDiscovery = false, EnableTrackers = false,
        };
        await using (TorrentClient app = await TorrentClient.OpenAsync(options))
        {
            TorrentSession kept = await app.AddAsync(other, new AddTorrentOptions { SaveDirectory = folder.In("another"), DownloadBytesPerSecond = 4321 });
            await kept.PauseAsync();
        }
        string[] files = Directory.GetFiles(folder.In("shared"), $"{other.SwarmHash}*", SearchOption.AllDirectories);
        byte[][] before = [.. files.Select(File.ReadAllBytes)];

        await using SampleProcess download = folder.Ccbt(["download", folder.Magnet, "-o", "beside", "--state", "shared", "--peer", endPoint, .. _alone]);
        Assert.Equal(0, await download.ExitAsync());
        Assert.True(folder.HasPayload("beside"));

        Assert.NotEmpty(files);
        Assert.Equal(before, files.Select(File.ReadAllBytes));
        await using TorrentClient back = await TorrentClient.OpenAsync(options);
        Assert.Equal(2, back.Sessions.Count);
    }

    [Fact]
    public async Task A_download_that_seeds_on_ends_with_0_by_a_signal()
    {
        (SampleProcess seeder, string endPoint) = await folder.SeedAsync("127.0.0.1:0", "--no-dht", "--no-trackers");
        await using SampleProcess seeding = seeder;

        await using SampleProcess download = folder.Ccbt(["download", folder.Torrent, "-o", "kept", "--seed", "--peer", endPoint, .. _alone]);
        await download.EventAsync("done");
        string now = (await download.EventAsync("ready")).GetProperty("listen")[0].GetString()!;
        Assert.Equal(0, await EndAsync(seeder, SampleProcess.Interrupt));

        await using SampleProcess another = folder.Ccbt(["download", folder.Magnet, "-o", "from-kept", "--peer", now, .. _alone]);
        Assert.Equal(0, await another.ExitAsync());
        Assert.Equal(0, await EndAsync(download, SampleProcess.Terminate));
        Assert.Single(download.EventNames, "done");
        Assert.Single(download.EventNames, "started");
    }

    [Fact]
    public async Task A_rate_is_kept()
    {
        (SampleProcess seeder, string endPoint) = await folder.SeedAsync("127.0.0.1:0", "--no-dht", "--no-trackers");
        await using SampleProcess seeding = seeder;

        await using SampleProcess download = folder.Ccbt(["download", folder.Torrent, "-o", "slow", "--down", "500K", "--peer", endPoint, .. _alone]);

        Assert.Equal(0, await download.ExitAsync());
        double seconds = (await download.EventAsync("done")).GetProperty("t").GetDouble() - (await download.EventAsync("started")).GetProperty("t").GetDouble();
        // 1.5 MiB at 0.5 MiB/s, of which a bucket may let the first second through at once.
        Assert.InRange(seconds, 1.8, 30);
    }

    [Fact]
    public async Task An_address_that_is_taken_ends_with_1_before_anything_is_written()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string address = taken.LocalEndpoint.ToString()!;

        await using SampleProcess download = folder.Ccbt("download", folder.Torrent, "-o", "never", "--listen", address, "--no-dht", "--no-lsd", "--json");

        Assert.Equal(1, await download.ExitAsync());
        Assert.Equal("BindFailed", Assert.Single(download.Events).GetProperty("code").GetString());
        Assert.Contains(address, Assert.Single(await download.ErrorsAsync()), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.In("never")));
    }

    [Fact]
    public async Task A_folder_of_torrents_is_served_and_trackers_hear_of_the_end()
    {
        using var tracker = new TrackerStub();
        Directory.CreateDirectory(folder.In("many", "data"));
        for (int i = 0; i < 200; i++)
        {
            File.WriteAllBytes(folder.In("many", "data", $"{i}.bin"), CliFolder.Bytes(1000 + i, 20_000));
            var options = new CreateTorrentOptions { Trackers = i == 0 ? [[tracker.Url]] : [] };
            await (await TorrentCreator.CreateAsync(folder.In("many", "data", $"{i}.bin"), options)).SaveAsync(folder.In("many", $"{i}.torrent"));
        }
        File.WriteAllText(folder.In("many", "junk.torrent"), "junk");
        string[] serve = ["seed", "many", "--data", folder.In("many", "data"), "--listen", "127.0.0.1:0", "--no-dht", "--no-lsd", "--json"];

        await using (SampleProcess silent = folder.Ccbt([.. serve, "--no-trackers"]))
        {
            await silent.EventAsync("ready");
            Assert.Equal(0, await EndAsync(silent, SampleProcess.Terminate));
        }
        Assert.Empty(tracker.Requests);

        await using SampleProcess seeder = folder.Ccbt(serve);
        JsonElement ready = await seeder.EventAsync("ready");
        Assert.Equal(200, ready.GetProperty("torrents").GetInt32());
        Assert.EndsWith("junk.torrent", (await seeder.EventAsync("error")).GetProperty("place").GetString(), StringComparison.Ordinal);
        await tracker.HeardAsync("event=started");
        Assert.Equal(0, await EndAsync(seeder, SampleProcess.Terminate));
        Assert.Contains("event=stopped", tracker.Requests.Last(), StringComparison.Ordinal);
    }

    private static async Task<int> EndAsync(SampleProcess process, int signal)
    {
        var clock = Stopwatch.StartNew();
        process.Signal(signal);
        int code = await process.ExitAsync();
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        return code;
    }
}
