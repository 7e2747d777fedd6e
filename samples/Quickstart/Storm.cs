using System.Net;
using CcBt.Core;

namespace CcBt.Quickstart;

/// <summary>Reports one and the same peer from many threads at once, as a careless discovery callback would.</summary>
internal static class Storm
{
    public static async Task<int> RunAsync(TorrentSession session, IPEndPoint peer, int threads, int reportsEach)
    {
        // The peer is found through the DHT first; the storm only repeats what is known.
        await foreach (PeersDiscoveredEventArgs e in session.WatchPeersAsync())
        {
            if (e.Peers.Count > 0)
                break;
        }
        int reports = 0;
        await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < reportsEach; i++)
            {
                session.AddPeers([peer]);
                Interlocked.Increment(ref reports);
            }
        })));
        return reports;
    }
}
