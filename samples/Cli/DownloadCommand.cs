using System.CommandLine;
using System.Net;
using CcBt.Core;

namespace CcBt.Cli;

/// <summary><c>ccbt download</c>: a magnet link or .torrent file becomes verified files.</summary>
internal static class DownloadCommand
{
    public static Command Create()
    {
        var source = new Argument<string>("source") { HelpName = "magnet|.torrent", Description = "A magnet link or the path of a .torrent file." };
        var output = new Option<string>("--output", "-o") { HelpName = "DIR", Required = true, Description = "The directory to save below." };
        var select = new Option<string[]>("--select") { HelpName = "GLOB", Description = "Download only files that match; may be repeated." };
        var seed = new Option<bool>("--seed") { Description = "Go on seeding after the download, until a signal comes." };
        var json = new Option<bool>("--json") { Description = "Write one JSON object a line." };
        var command = new Command("download", "Download a torrent.") { source, output, select, seed, json };
        var network = new NetworkOptions(command);
        command.SetAction(async (parsed, _) =>
        {
            var reporter = new Reporter(parsed.GetValue(json));
            using var interrupt = new Interrupt();
            var options = new AddTorrentOptions
            {
                SaveDirectory = parsed.GetValue(output)!,
                FileFilter = Globs.Filter(parsed.GetValue(select)),
                Peers = await network.PeersAsync(parsed, interrupt.Token),
            };
            // Bad input ends the command before anything is bound or written.
            object torrent = await LoadAsync(parsed.GetValue(source)!, interrupt.Token);
            await using TorrentClient client = await TorrentClient.OpenAsync(network.Client(parsed), interrupt.Token);
            TorrentSession session = await AddAsync(client, torrent, options, interrupt.Token);
            return await RunAsync(client, session, reporter, parsed.GetValue(seed), interrupt.Token);
        });
        return command;
    }

    private static async Task<object> LoadAsync(string source, CancellationToken cancellationToken)
        => source.StartsWith("magnet:", StringComparison.OrdinalIgnoreCase)
            ? MagnetLink.Parse(source)
            : await Torrent.LoadAsync(source, cancellationToken);

    /// <summary>A session that the state directory brought back is gone on with.</summary>
    private static async Task<TorrentSession> AddAsync(TorrentClient client, object torrent, AddTorrentOptions options, CancellationToken cancellationToken)
    {
        InfoHash infoHash = torrent is Torrent known ? known.SwarmHash : ((MagnetLink)torrent).SwarmHash;
        TorrentSession? restored = client.Sessions.FirstOrDefault(s => s.InfoHash == infoHash);
        if (restored is not null)
        {
            restored.AddPeers(options.Peers);
            return restored;
        }
        return torrent is Torrent file
            ? await client.AddAsync(file, options, cancellationToken)
            : await client.AddAsync((MagnetLink)torrent, options, cancellationToken);
    }

    private static async Task<int> RunAsync(TorrentClient client, TorrentSession session, Reporter reporter, bool seeds, CancellationToken cancellationToken)
    {
        Announce(client, session, reporter);
        using var showing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task progress = Task.CompletedTask;
        try
        {
            Task start = session.StartAsync(cancellationToken);
            progress = TransferProgress.ShowAsync(session, reporter, showing.Token);
            Torrent torrent = await await Task.WhenAny(session.WaitForMetadataAsync(cancellationToken), FailAsync(start, session, cancellationToken));
            reporter.Report("metadata", null, json =>
            {
                json.WriteString("name", torrent.Name);
                json.WriteNumber("size", torrent.TotalSize);
            });
            await start;
            reporter.Report("started", null);
            await session.WaitForCompletionAsync(cancellationToken);
            await showing.CancelAsync();
            await progress;
            reporter.Report("done", $"Done: {Sizes.Show(session.Status.VerifiedBytes)} verified in {session.SaveDirectory}", json =>
            {
                json.WriteBoolean("complete", true);
                json.WriteNumber("bytes", session.Status.VerifiedBytes);
            });
            if (seeds)
                await Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(static _ => { }, TaskScheduler.Default);
            return ExitCodes.Done;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await progress;
            reporter.Report("error", "Interrupted; a later run goes on from here.", json => Errors.Write(json, "Interrupted", "The download was interrupted.", session.InfoHash.ToString()));
            return ExitCodes.Failed;
        }
        catch (TorrentException exception)
        {
            await showing.CancelAsync();
            await progress;
            Errors.Report(reporter, exception);
            return ExitCodes.Failed;
        }
    }

    /// <summary>Ends only when the start fails, so that a wait for metadata that will never come ends with its reason.</summary>
    private static async Task<Torrent> FailAsync(Task start, TorrentSession session, CancellationToken cancellationToken)
    {
        await start;
        return await session.WaitForMetadataAsync(cancellationToken);
    }

    private static void Announce(TorrentClient client, TorrentSession session, Reporter reporter)
    {
        reporter.Report("ready", $"Listening on {string.Join(", ", client.ListenEndPoints)}", json =>
        {
            json.WriteStartArray("listen");
            foreach (IPEndPoint endPoint in client.ListenEndPoints)
                json.WriteStringValue(endPoint.ToString());
            json.WriteEndArray();
        });
        int first = 0;
        session.PeersDiscovered += (_, e) =>
        {
            reporter.Report("peers", null, json =>
            {
                json.WriteString("source", e.Source.ToString());
                json.WriteNumber("count", e.Peers.Count);
                json.WriteNumber("new", e.NewPeers);
                json.WriteBoolean("lookupEnded", e.LookupEnded);
            });
            if (e.Peers.Count > 0 && Interlocked.Exchange(ref first, 1) == 0)
                reporter.Report("first_peer", null, json => json.WriteString("source", e.Source.ToString()));
        };
    }
}
