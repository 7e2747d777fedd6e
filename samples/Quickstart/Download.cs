using CcBt.Core;
using Spectre.Console;

namespace CcBt.Quickstart;

/// <summary>Downloads a magnet link or .torrent file that was given on the command line.</summary>
internal static class Download
{
    public static async Task<int> RunAsync(string source, string folder)
    {
        try
        {
            await using TorrentSession session = await TorrentSession.OpenAsync(source, folder);
            session.PeersDiscovered += (_, e) => AnsiConsole.WriteLine($"{e.Source}: {e.Peers.Count} peers, {e.NewPeers} new");
            Task start = session.StartAsync();
            Task bars = Bars.ShowAsync(session);
            await start;
            await session.WaitForCompletionAsync();
            await bars;
            Console.WriteLine($"{session.Status.VerifiedBytes} bytes verified in {session.SaveDirectory}");
            return 0;
        }
        catch (TorrentException exception)
        {
            Console.Error.WriteLine($"{exception.Message} ({exception.Place})");
            return 1;
        }
    }
}
