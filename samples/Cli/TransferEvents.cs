using System.Net;
using CcBt.Core;

namespace CcBt.Cli;

/// <summary>The events of a download, in the order in which they come.</summary>
internal static class TransferEvents
{
    public static void Announce(TorrentClient client, TorrentSession session, Reporter reporter)
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

    public static void Metadata(Torrent torrent, Reporter reporter) => reporter.Report("metadata", null, json =>
    {
        json.WriteString("name", torrent.Name);
        json.WriteNumber("size", torrent.TotalSize);
    });

    public static void Started(Reporter reporter) => reporter.Report("started", null);

    public static void Done(TorrentSession session, Reporter reporter)
    {
        long bytes = session.Status.VerifiedBytes;
        reporter.Report("done", $"Done: {Sizes.Show(bytes)} verified in {session.SaveDirectory}", json =>
        {
            json.WriteBoolean("complete", true);
            json.WriteNumber("bytes", bytes);
            TransferProgress.WriteMemory(json);
        });
    }
}
