using System.CommandLine;
using CcBt.Core;

namespace CcBt.Cli;

/// <summary><c>ccbt create</c>: a file or folder becomes a .torrent file.</summary>
internal static class CreateCommand
{
    private const int LeastPieceLength = 1 << 14;
    private const int MostPieceLength = 1 << 26;

    public static Command Create()
    {
        var path = new Argument<string>("path") { HelpName = "PATH", Description = "The file or folder to share." };
        var output = new Option<string>("--output", "-o") { HelpName = "OUT.torrent", Required = true, Description = "The .torrent file to write." };
        var v1 = new Option<bool>("--v1") { Description = "Write a version 1 torrent; this is the default." };
        var pieceLength = new Option<string?>("--piece-length") { HelpName = "SIZE", Description = "The piece length, a power of two such as 256K; chosen to fit when left out." };
        var trackers = new Option<string[]>("--tracker") { HelpName = "URL", Description = "A tracker, each a tier of its own; may be repeated." };
        var webSeeds = new Option<string[]>("--web-seed") { HelpName = "URL", Description = "A web seed; may be repeated." };
        var isPrivate = new Option<bool>("--private") { Description = "Only trackers may tell of peers (BEP 27)." };
        var json = new Option<bool>("--json") { Description = "Write the object that 'show --json' writes." };
        var command = new Command("create", "Create a torrent.") { path, output, v1, pieceLength, trackers, webSeeds, isPrivate, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string source = parsed.GetValue(path)!, target = parsed.GetValue(output)!;
            if (!File.Exists(source) && !Directory.Exists(source))
                throw new UsageException($"'{source}' is neither a file nor a folder.");
            Inputs.RequireWritableFile(target, "--output");
            var options = new CreateTorrentOptions
            {
                PieceLength = parsed.GetValue(pieceLength) is { } size ? ParsePieceLength(size) : null,
                Trackers = [.. (parsed.GetValue(trackers) ?? []).Select(t => (IReadOnlyList<string>)[Url(t, "--tracker", "http", "https", "udp")])],
                WebSeeds = [.. (parsed.GetValue(webSeeds) ?? []).Select(u => Url(u, "--web-seed", "http", "https"))],
                IsPrivate = parsed.GetValue(isPrivate),
                CreatedBy = "ccbt",
            };
            bool showsBar = !parsed.GetValue(json) && !Console.IsOutputRedirected;
            Torrent torrent = await HashAsync(source, options, showsBar, cancellationToken);
            await torrent.SaveAsync(target, cancellationToken);
            if (parsed.GetValue(json))
                Reporter.WriteTorrent(torrent, null);
            else
                Console.WriteLine($"{target}: {torrent.SwarmHash}, {torrent.PieceCount} pieces of {Sizes.Show(torrent.PieceLength)}, {Sizes.Show(torrent.TotalSize)} in {torrent.Files.Count} files");
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<Torrent> HashAsync(string source, CreateTorrentOptions options, bool showsBar, CancellationToken cancellationToken)
    {
        try
        {
            return await HashBar.RunAsync("hashing", showsBar, progress => TorrentCreator.CreateAsync(source, options, progress, cancellationToken));
        }
        catch (TorrentStorageException exception) when (exception.Code != TorrentErrorCode.DiskFull)
        {
            // The files to share are the input.
            throw new UsageException(exception.Message);
        }
    }

    private static int ParsePieceLength(string text)
    {
        long length = Sizes.Parse(text, "--piece-length");
        return length is >= LeastPieceLength and <= MostPieceLength && long.IsPow2(length)
            ? (int)length
            : throw new UsageException($"--piece-length: '{text}' is not a power of two from 16K to 64M.");
    }

    private static string Url(string text, string option, params string[] schemes)
        => Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && schemes.Contains(url.Scheme) && url.Host.Length > 0
            ? text
            : throw new UsageException($"{option}: '{text}' is not a URL that begins with {string.Join(", ", schemes)}.");
}
