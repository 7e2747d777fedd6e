using System.CommandLine;
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
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var reporter = new Reporter(parsed.GetValue(json));
            var globs = new Globs(parsed.GetValue(select));
            // Bad input ends the command before anything is bound or written.
            TorrentClientOptions clientOptions = network.Client(parsed);
            string text = parsed.GetValue(source)!;
            bool isMagnet = text.StartsWith("magnet:", StringComparison.OrdinalIgnoreCase);
            MagnetLink? magnet = isMagnet ? MagnetLink.Parse(text) : null;
            Torrent? torrent = isMagnet ? null : await Inputs.LoadTorrentAsync(text, cancellationToken);
            globs.Check(torrent);
            string directory = parsed.GetValue(output)!;
            Inputs.RequireWritableFolder(directory, "--output");
            var options = new AddTorrentOptions { SaveDirectory = directory, FileFilter = globs.Filter, Peers = await network.PeersAsync(parsed, cancellationToken) };

            await using TorrentClient client = await TorrentClient.OpenAsync(clientOptions, cancellationToken);
            TorrentSession session = torrent is not null
                ? await client.AddAsync(torrent, options, cancellationToken)
                : await client.AddAsync(magnet!, options, cancellationToken);
            TransferEvents.Announce(client, session, reporter);
            await RunAsync(session, reporter, globs, cancellationToken);
            if (parsed.GetValue(seed))
                await TransferProgress.SeedAsync(session, reporter, cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Ends when everything chosen is verified and flushed; what keeps it from getting there is thrown.</summary>
    private static async Task RunAsync(TorrentSession session, Reporter reporter, Globs globs, CancellationToken cancellationToken)
    {
        using var showing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task progress = TransferProgress.ShowAsync(session, reporter, showing.Token);
        try
        {
            Task start = session.StartAsync(cancellationToken);
            // A start that fails is the reason why there will be no metadata.
            Task<Torrent> metadata = session.WaitForMetadataAsync(cancellationToken);
            if (await Task.WhenAny(metadata, start) == start)
                await start;
            Torrent torrent = await metadata;
            globs.Check(torrent);
            TransferEvents.Metadata(torrent, reporter);
            await start;
            TransferEvents.Started(reporter);
            await session.WaitForCompletionAsync(cancellationToken);
        }
        finally
        {
            await showing.CancelAsync();
            await progress;
        }
        TransferEvents.Done(session, reporter);
    }
}
