using System.CommandLine;
using System.Net;
using CcBt.Core;

namespace CcBt.Cli;

/// <summary><c>ccbt seed</c>: serves complete or partial data until a signal comes.</summary>
internal static class SeedCommand
{
    public static Command Create()
    {
        var torrents = new Argument<string[]>("torrents") { HelpName = ".torrent|FOLDER", Arity = ArgumentArity.OneOrMore, Description = "Torrent files, or folders of them." };
        var data = new Option<string>("--data") { HelpName = "DIR", Required = true, Description = "The directory that holds the data." };
        var trust = new Option<bool>("--trust") { Description = "The data is complete: do not hash it." };
        var json = new Option<bool>("--json") { Description = "Write one JSON object a line." };
        var command = new Command("seed", "Seed torrents.") { torrents, data, trust, json };
        var network = new NetworkOptions(command);
        command.SetAction(async (parsed, _) =>
        {
            var reporter = new Reporter(parsed.GetValue(json));
            using var interrupt = new Interrupt();
            var options = new AddTorrentOptions
            {
                SaveDirectory = parsed.GetValue(data)!,
                TrustFiles = parsed.GetValue(trust),
                Peers = await network.PeersAsync(parsed, interrupt.Token),
            };
            var loaded = new List<Torrent>();
            foreach (string path in Expand(parsed.GetValue(torrents)!))
                loaded.Add(await Torrent.LoadAsync(path, interrupt.Token));
            await using TorrentClient client = await TorrentClient.OpenAsync(network.Client(parsed), interrupt.Token);
            return await RunAsync(client, loaded, options, reporter, interrupt.Token);
        });
        return command;
    }

    private static IEnumerable<string> Expand(string[] paths)
        => paths.SelectMany<string, string>(p => Directory.Exists(p) ? Directory.EnumerateFiles(p, "*.torrent").Order(StringComparer.Ordinal) : [p]);

    private static async Task<int> RunAsync(TorrentClient client, List<Torrent> torrents, AddTorrentOptions options, Reporter reporter, CancellationToken cancellationToken)
    {
        try
        {
            var starts = new List<Task>();
            foreach (Torrent torrent in torrents)
            {
                TorrentSession session = client.Sessions.FirstOrDefault(s => s.InfoHash == torrent.SwarmHash)
                    ?? await client.AddAsync(torrent, options, cancellationToken);
                starts.Add(session.StartAsync(cancellationToken));
            }
            await Task.WhenAll(starts);
            reporter.Report("ready", $"Serving {torrents.Count} torrents on {string.Join(", ", client.ListenEndPoints)}; end with Ctrl+C", json =>
            {
                json.WriteNumber("torrents", torrents.Count);
                json.WriteStartArray("listen");
                foreach (IPEndPoint endPoint in client.ListenEndPoints)
                    json.WriteStringValue(endPoint.ToString());
                json.WriteEndArray();
            });
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(reporter.IsJson ? 1 : 10));
            while (await timer.WaitForNextTickAsync(cancellationToken))
                Progress(client, reporter);
            return ExitCodes.Done;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Done;
        }
        catch (TorrentException exception)
        {
            Errors.Report(reporter, exception);
            return ExitCodes.Failed;
        }
    }

    private static void Progress(TorrentClient client, Reporter reporter)
    {
        ClientStatus status = client.Status;
        // A thousand idle torrents have nothing to say each second.
        if (status.ConnectedPeers == 0)
            return;
        long uploaded = client.Sessions.Sum(s => s.Status.UploadedBytes);
        reporter.Report("progress", $"{status.ConnectedPeers} peers, up {Sizes.Show(status.UploadBytesPerSecond)}/s, {Sizes.Show(uploaded)} in all", json =>
        {
            json.WriteNumber("peers", status.ConnectedPeers);
            json.WriteNumber("upBytesPerSecond", status.UploadBytesPerSecond);
            json.WriteNumber("uploaded", uploaded);
        });
    }
}
