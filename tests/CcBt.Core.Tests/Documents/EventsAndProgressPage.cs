using System.Net;

namespace CcBt.Core.Tests.Documents;

/// <summary>What docs/events-and-progress.md shows.</summary>
internal static class EventsAndProgressPage
{
    public static void Hear(TorrentSession session)
    {
        session.PeersDiscovered += (_, e) =>
        {
            Console.WriteLine($"{e.Source}: {e.Peers.Count} peers, {e.NewPeers} new");
            if (e.LookupEnded && e.Peers.Count == 0)
                Console.WriteLine("a search ended without finding anybody");
        };
    }

    public static async Task StreamAsync(TorrentSession session, CancellationToken cancellationToken)
    {
        await foreach (PeersDiscoveredEventArgs e in session.WatchPeersAsync(cancellationToken))
            Console.WriteLine($"{e.Source}: {string.Join(", ", e.Peers)}");
    }

    public static async Task ProgressAsync(TorrentSession session, CancellationToken cancellationToken)
    {
        await foreach (SessionStatus status in session.WatchAsync(cancellationToken))
        {
            double share = status.State == SessionState.Checking ? status.CheckProgress : status.Progress;
            Console.WriteLine($"{status.Name}: {status.State} {share:P1}, {status.DownloadBytesPerSecond >> 10} KiB/s from {status.ConnectedPeers} peers");
            if (status.IsComplete || status.State == SessionState.Faulted)
                break;
        }
    }

    public static int Give(TorrentSession session)
    {
        int fresh = session.AddPeers([new IPEndPoint(IPAddress.Parse("192.0.2.7"), 6881)]);
        return fresh;
    }
}
