using CcBt.Core;

namespace CcBt.Quickstart;

/// <summary>Downloads a magnet link or .torrent file that was given on the command line.</summary>
internal static class Download
{
    public static async Task<int> RunAsync(string source, string folder)
    {
        await using TorrentSession session = await TorrentSession.OpenAsync(source, folder);
        session.PeersDiscovered += (_, e) => Console.WriteLine($"{e.Source}: {e.Peers.Count} peers, {e.NewPeers} new");
        Task start = session.StartAsync();
        await Bars.ShowAsync(session);
        await start;
        await session.WaitForCompletionAsync();
        Console.WriteLine($"{session.Status.VerifiedBytes} bytes verified in {session.SaveDirectory}");
        return 0;
    }
}
