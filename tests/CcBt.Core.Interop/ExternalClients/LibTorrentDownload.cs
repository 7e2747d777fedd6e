using System.Text.Json.Nodes;

namespace CcBt.Core.Interop.ExternalClients;

/// <summary>One torrent in a libtorrent session.</summary>
internal sealed class LibTorrentDownload(LibTorrent driver, int torrent)
{
    /// <summary>state, done, wanted, seeding, metadata, peers, uploaded, downloaded, failed, error.</summary>
    public Task<JsonObject> StatusAsync() => driver.AskAsync(new JsonObject { ["op"] = "status", ["torrent"] = torrent });

    public Task ConnectAsync(Endpoint peer)
        => driver.AskAsync(new JsonObject { ["op"] = "connect", ["torrent"] = torrent, ["host"] = peer.Address, ["port"] = peer.Port });

    public Task AnnounceAsync(bool dht = false) => driver.AskAsync(new JsonObject { ["op"] = "announce", ["torrent"] = torrent, ["dht"] = dht });

    /// <summary>Waits until every piece is verified and in its file.</summary>
    public async Task WaitUntilCompleteAsync()
    {
        JsonObject status = [];
        await driver.Lab.UntilAsync(async () => (bool)(status = await StatusAsync())["seeding"]!, () => $"libtorrent is not complete: {status}");
        await driver.AskAsync(new JsonObject { ["op"] = "flush", ["torrent"] = torrent });
    }
}
