using System.Text.Json;
using System.Text.Json.Nodes;

namespace CcBt.Core.Interop.ExternalClients;

/// <summary>One libtorrent session.</summary>
internal sealed class LibTorrentSession(LibTorrent driver, Endpoint endpoint)
{
    public Endpoint Endpoint => endpoint;

    /// <summary>Seeds a torrent whose data is known to be complete.</summary>
    public Task<LibTorrentDownload> SeedAsync(TestTorrent torrent, string folder, IEnumerable<string>? trackers = null, int uploadLimit = 0)
        => AddAsync(new JsonObject { ["torrent"] = torrent.Path, ["save"] = folder, ["complete"] = true, ["upload_limit"] = uploadLimit }, [], trackers);

    public Task<LibTorrentDownload> LeechAsync(TestTorrent torrent, string folder, IEnumerable<Endpoint>? peers = null, IEnumerable<string>? trackers = null)
        => AddAsync(new JsonObject { ["torrent"] = torrent.Path, ["save"] = folder }, peers, trackers);

    public Task<LibTorrentDownload> LeechMagnetAsync(InfoHash infoHash, string folder, IEnumerable<Endpoint>? peers = null, IEnumerable<string>? trackers = null)
        => AddAsync(new JsonObject { ["magnet"] = $"magnet:?xt=urn:btih:{infoHash}", ["save"] = folder }, peers, trackers);

    /// <summary>Tells the session of DHT nodes.</summary>
    public Task IntroduceAsync(IEnumerable<Endpoint> nodes)
        => driver.AskAsync(new JsonObject
        {
            ["op"] = "introduce", ["session"] = endpoint.Address,
            ["nodes"] = JsonSerializer.SerializeToNode(nodes.Select(n => new object[] { n.Address, n.Port })),
        });

    public async Task<int> CountDhtNodesAsync()
        => (int)(await driver.AskAsync(new JsonObject { ["op"] = "dht_nodes", ["session"] = endpoint.Address }))["nodes"]!;

    /// <summary>How many peers a DHT lookup from this session hears of.</summary>
    public async Task<int> LookUpAsync(InfoHash infoHash)
        => (int)(await driver.AskAsync(new JsonObject { ["op"] = "dht_lookup", ["session"] = endpoint.Address, ["info_hash"] = infoHash.ToString() }))["peers"]!;

    private async Task<LibTorrentDownload> AddAsync(JsonObject request, IEnumerable<Endpoint>? peers, IEnumerable<string>? trackers)
    {
        request["op"] = "add";
        request["session"] = endpoint.Address;
        request["peers"] = JsonSerializer.SerializeToNode((peers ?? []).Select(p => new object[] { p.Address, p.Port }));
        request["trackers"] = JsonSerializer.SerializeToNode(trackers ?? []);
        return new LibTorrentDownload(driver, (int)(await driver.AskAsync(request))["torrent"]!);
    }
}
