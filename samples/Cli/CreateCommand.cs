using System.CommandLine;
using CcBt.Core;

namespace CcBt.Cli;

/// <summary><c>ccbt create</c>: a file or folder becomes a .torrent file.</summary>
internal static class CreateCommand
{
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
        command.SetAction(async (parsed, _) =>
        {
            using var interrupt = new Interrupt();
            string source = parsed.GetValue(path)!, target = parsed.GetValue(output)!;
            if (!File.Exists(source) && !Directory.Exists(source))
                throw new UsageException($"'{source}' is neither a file nor a folder.");
            var options = new CreateTorrentOptions
            {
                PieceLength = parsed.GetValue(pieceLength) is { } size ? checked((int)Math.Min(Sizes.Parse(size, "--piece-length"), int.MaxValue)) : null,
                Trackers = [.. (parsed.GetValue(trackers) ?? []).Select(t => (IReadOnlyList<string>)[t])],
                WebSeeds = parsed.GetValue(webSeeds) ?? [],
                IsPrivate = parsed.GetValue(isPrivate),
                CreatedBy = "ccbt",
            };
            Torrent torrent = await TorrentCreator.CreateAsync(source, options, null, interrupt.Token);
            await torrent.SaveAsync(target, interrupt.Token);
            if (parsed.GetValue(json))
                TorrentJson.WriteLine(torrent, null);
            else
                Console.WriteLine($"{target}: {torrent.SwarmHash}, {torrent.PieceCount} pieces of {Sizes.Show(torrent.PieceLength)}, {Sizes.Show(torrent.TotalSize)} in {torrent.Files.Count} files");
            return ExitCodes.Done;
        });
        return command;
    }
}
