using System.CommandLine;
using CcBt.Core;

namespace CcBt.Cli;

/// <summary><c>ccbt show</c>: what a torrent or magnet link says.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var source = new Argument<string>("source") { HelpName = "magnet|.torrent", Description = "A magnet link or the path of a .torrent file." };
        var json = new Option<bool>("--json") { Description = "Write one JSON object." };
        var command = new Command("show", "Show what a torrent or magnet link says.") { source, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string text = parsed.GetValue(source)!;
            bool isMagnet = text.StartsWith("magnet:", StringComparison.OrdinalIgnoreCase);
            MagnetLink? magnet = isMagnet ? MagnetLink.Parse(text) : null;
            Torrent? torrent = isMagnet ? null : await Inputs.LoadTorrentAsync(text, cancellationToken);
            if (parsed.GetValue(json))
                Reporter.WriteTorrent(torrent, magnet);
            else
                WriteText(torrent, magnet);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void WriteText(Torrent? torrent, MagnetLink? magnet)
    {
        Console.WriteLine($"name          {torrent?.Name ?? magnet?.Name ?? "(not known before the metadata)"}");
        Console.WriteLine($"info hash v1  {(torrent?.InfoHashV1 ?? magnet?.InfoHashV1)?.ToString() ?? "none"}");
        Console.WriteLine($"info hash v2  {(torrent?.InfoHashV2 ?? magnet?.InfoHashV2)?.ToString() ?? "none"}");
        foreach (string tracker in torrent?.Trackers.SelectMany(t => t) ?? magnet!.Trackers)
            Console.WriteLine($"tracker       {tracker}");
        foreach (string seed in torrent?.WebSeeds ?? magnet!.WebSeeds)
            Console.WriteLine($"web seed      {seed}");
        if (torrent is null)
            return;
        Console.WriteLine($"pieces        {torrent.PieceCount} of {Sizes.Show(torrent.PieceLength)}");
        Console.WriteLine($"size          {Sizes.Show(torrent.TotalSize)} in {torrent.Files.Count} files");
        Console.WriteLine($"private       {(torrent.IsPrivate ? "yes" : "no")}");
        foreach (TorrentFile file in torrent.Files)
            Console.WriteLine($"  {file.Length,14}  {file.Path}");
    }
}
