namespace CcBt.Core.Tests.Documents;

/// <summary>What README.md shows.</summary>
internal static class ReadmePage
{
    public static async Task DownloadAsync(string magnet, CancellationToken cancellationToken)
    {
        await using TorrentClient client = await TorrentClient.OpenAsync(new TorrentClientOptions { StateDirectory = "state" }, cancellationToken);
        TorrentSession session = await client.AddAsync(magnet, new AddTorrentOptions
        {
            SaveDirectory = "downloads",
            Start = StartMode.WhenPeersFound, // or leave it out, and call StartAsync yourself
            FileFilter = file => !file.Path.EndsWith(".txt", StringComparison.OrdinalIgnoreCase),
        }, cancellationToken);

        // Raised for each batch of peers, from the DHT, trackers, peer exchange and the local network.
        session.PeersDiscovered += (_, e) => Console.WriteLine($"{e.Source}: {e.Peers.Count} peers, {e.NewPeers} new");

        // Call it from wherever you like, as often as you like: there is one start, and this joins it.
        await session.StartAsync(cancellationToken);

        await foreach (SessionStatus status in session.WatchAsync(cancellationToken))
        {
            Console.WriteLine($"{status.State}: {status.Progress:P0}, {status.DownloadBytesPerSecond >> 10} KiB/s, {status.ConnectedPeers} peers");
            if (status.IsComplete)
                break;
        }
        await session.WaitForCompletionAsync(cancellationToken); // every piece hashed, written and flushed
    }
}
