using System.CommandLine;
using System.Net;
using CcBt.Core;
using Spectre.Console;

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
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var reporter = new Reporter(parsed.GetValue(json));
            TorrentClientOptions clientOptions = network.Client(parsed);
            string directory = parsed.GetValue(data)!;
            Inputs.RequireFolder(directory, "--data");
            IReadOnlyList<Torrent> loaded = await LoadAsync(parsed.GetValue(torrents)!, reporter, cancellationToken);
            var options = new AddTorrentOptions { SaveDirectory = directory, TrustFiles = parsed.GetValue(trust), Peers = await network.PeersAsync(parsed, cancellationToken) };

            await using TorrentClient client = await TorrentClient.OpenAsync(clientOptions, cancellationToken);
            try
            {
                if (!await StartAsync(client, loaded, options, reporter, cancellationToken))
                    return ExitCodes.Failed;
                Ready(client, reporter);
                await ShowAsync(client, reporter, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Seeding ends by a signal.
            }
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Reads what was named. Of a folder, a file that is no torrent is reported and passed over.</summary>
    private static async Task<IReadOnlyList<Torrent>> LoadAsync(string[] paths, Reporter reporter, CancellationToken cancellationToken)
    {
        var loaded = new Dictionary<InfoHash, Torrent>();
        foreach (string path in paths)
        {
            bool isFolder = Directory.Exists(path);
            foreach (string file in isFolder ? [.. Directory.EnumerateFiles(path, "*.torrent").Order(StringComparer.Ordinal)] : (string[])[path])
            {
                try
                {
                    Torrent torrent = await Inputs.LoadTorrentAsync(file, cancellationToken);
                    loaded.TryAdd(torrent.SwarmHash, torrent);
                }
                catch (UsageException exception) when (isFolder)
                {
                    Failures.Tell(reporter, nameof(TorrentErrorCode.InvalidTorrent), exception.Message, file);
                }
            }
        }
        return loaded.Count > 0 ? [.. loaded.Values] : throw new UsageException($"There is no torrent to seed in '{string.Join("', '", paths)}'.");
    }

    /// <summary>Starts all of them. One that cannot be started is reported, and the others go on.</summary>
    /// <returns>Whether any was started.</returns>
    private static async Task<bool> StartAsync(TorrentClient client, IReadOnlyList<Torrent> torrents, AddTorrentOptions options, Reporter reporter, CancellationToken cancellationToken)
    {
        bool[] started = await Task.WhenAll(torrents.Select(async torrent =>
        {
            TorrentSession session = await client.AddAsync(torrent, options, cancellationToken);
            try
            {
                await session.StartAsync(cancellationToken);
                return true;
            }
            catch (TorrentException exception)
            {
                Failures.ReportError(reporter, exception);
                return false;
            }
        }));
        return started.Contains(true);
    }

    private static void Ready(TorrentClient client, Reporter reporter)
    {
        IReadOnlyList<TorrentSession> sessions = client.Sessions;
        reporter.Report("ready", $"Serving {sessions.Count} torrents on {string.Join(", ", client.ListenEndPoints)}; end with Ctrl+C", json =>
        {
            json.WriteNumber("torrents", sessions.Count);
            json.WriteStartArray("listen");
            foreach (IPEndPoint endPoint in client.ListenEndPoints)
                json.WriteStringValue(endPoint.ToString());
            json.WriteEndArray();
        });
    }

    private static async Task ShowAsync(TorrentClient client, Reporter reporter, CancellationToken cancellationToken)
    {
        if (!reporter.IsJson && !Console.IsOutputRedirected)
        {
            await AnsiConsole.Status().StartAsync("waiting for peers", context => TickAsync(client, 1, (text, _) => context.Status(text), cancellationToken));
            return;
        }
        await TickAsync(client, reporter.IsJson ? 1 : 10, (text, uploaded) => reporter.Report("progress", text, json =>
        {
            json.WriteNumber("peers", client.Status.ConnectedPeers);
            json.WriteNumber("upBytesPerSecond", client.Status.UploadBytesPerSecond);
            json.WriteNumber("uploaded", uploaded);
            TransferProgress.WriteMemory(json);
        }), cancellationToken);
    }

    private static async Task TickAsync(TorrentClient client, int seconds, Action<string, long> show, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(seconds));
        // A timer that ends is no exception; one that is cancelled is, with a stack trace and the symbols for it.
        using CancellationTokenRegistration end = cancellationToken.UnsafeRegister(static timer => ((PeriodicTimer)timer!).Dispose(), timer);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            ClientStatus status = client.Status;
            // A thousand idle torrents have nothing to say each second.
            if (status.ConnectedPeers == 0)
                continue;
            long uploaded = client.Sessions.Sum(s => s.Status.UploadedBytes);
            show($"{status.ConnectedPeers} peers, up {Sizes.Show(status.UploadBytesPerSecond)}/s, {Sizes.Show(uploaded)} in all", uploaded);
        }
    }
}
