using System.CommandLine;
using System.Net;
using CcBt.Core;

namespace CcBt.Cli;

/// <summary><c>ccbt dht get-peers</c>: asks the distributed hash table once.</summary>
internal static class DhtCommand
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var infoHash = new Argument<string>("infohash") { Description = "40 hexadecimal or 32 base32 characters." };
        var router = new Option<string[]>("--router") { HelpName = "HOST:PORT", Required = true, Description = "A node to join the DHT through; may be repeated." };
        var json = new Option<bool>("--json") { Description = "Write one JSON object a line." };
        var getPeers = new Command("get-peers", "Find the peers of a torrent.") { infoHash, router, json };
        getPeers.SetAction(async (parsed, cancellationToken) =>
        {
            if (!InfoHash.TryParse(parsed.GetValue(infoHash), out InfoHash hash))
                throw new UsageException($"'{parsed.GetValue(infoHash)}' is not an info hash: 40 hexadecimal or 32 base32 characters are needed.");
            var reporter = new Reporter(parsed.GetValue(json));
            var options = new TorrentClientOptions { EnableLocalDiscovery = false, EnableTrackers = false, DhtRouters = [.. parsed.GetValue(router)!.Select(r => NetworkOptions.Router(r, "--router"))] };
            await using TorrentClient client = await TorrentClient.OpenAsync(options, cancellationToken);
            return await FindAsync(client, hash, reporter, cancellationToken);
        });
        return new Command("dht", "Ask the distributed hash table.") { getPeers };
    }

    private static async Task<int> FindAsync(TorrentClient client, InfoHash infoHash, Reporter reporter, CancellationToken interrupted)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        limited.CancelAfter(_patience);
        var seen = new HashSet<IPEndPoint>();
        try
        {
            await foreach (IReadOnlyList<IPEndPoint> peers in client.FindPeersAsync(infoHash, limited.Token))
            {
                string[] found = [.. peers.Where(seen.Add).Select(p => p.ToString())];
                if (found.Length > 0)
                    Report(reporter, found);
            }
        }
        catch (OperationCanceledException) when (!interrupted.IsCancellationRequested)
        {
            // Nobody answers; what was found until now is the result.
        }
        reporter.Report("done", null, json =>
        {
            json.WriteBoolean("complete", seen.Count > 0);
            json.WriteNumber("peers", seen.Count);
        });
        if (seen.Count == 0)
            await Console.Error.WriteLineAsync($"ccbt: no peer of {infoHash} was found.");
        return seen.Count > 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static void Report(Reporter reporter, string[] peers) => reporter.Report("peers", string.Join(Environment.NewLine, peers), json =>
    {
        json.WriteNumber("count", peers.Length);
        json.WriteStartArray("peers");
        foreach (string peer in peers)
            json.WriteStringValue(peer);
        json.WriteEndArray();
    });
}
