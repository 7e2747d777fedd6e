using System.CommandLine;
using CcBt.Core;

namespace CcBt.Cli;

/// <summary><c>ccbt verify</c>: compares files with a torrent's hashes.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var source = new Argument<string>("torrent") { HelpName = ".torrent", Description = "The path of a .torrent file." };
        var data = new Option<string>("--data") { HelpName = "DIR", Required = true, Description = "The directory that holds the data." };
        var json = new Option<bool>("--json") { Description = "Write one JSON object a line." };
        var command = new Command("verify", "Compare files with a torrent.") { source, data, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var reporter = new Reporter(parsed.GetValue(json));
            Torrent torrent = await Inputs.LoadTorrentAsync(parsed.GetValue(source)!, cancellationToken);
            string directory = parsed.GetValue(data)!;
            Inputs.RequireFolder(directory, "--data");
            bool showsBar = !reporter.IsJson && !Console.IsOutputRedirected;
            VerifyReport report = await HashBar.RunAsync("verifying", showsBar, progress => TorrentVerifier.VerifyAsync(torrent, directory, progress, cancellationToken));
            return Show(reporter, report);
        });
        return command;
    }

    private static int Show(Reporter reporter, VerifyReport report)
    {
        foreach (FileVerification file in report.Files)
        {
            string state = file.State.ToString().ToLowerInvariant();
            reporter.Report("file", $"{state,-9}  {file.Path}", json =>
            {
                json.WriteString("path", file.Path);
                json.WriteString("state", state);
            });
        }
        reporter.Report("done", $"{report.GoodPieces} of {report.PieceCount} pieces are good", json =>
        {
            json.WriteBoolean("complete", report.IsComplete);
            json.WriteNumber("bytes", report.GoodBytes);
            json.WriteNumber("goodPieces", report.GoodPieces);
            json.WriteNumber("pieceCount", report.PieceCount);
        });
        return report.IsComplete ? ExitCodes.Done : ExitCodes.Failed;
    }
}
