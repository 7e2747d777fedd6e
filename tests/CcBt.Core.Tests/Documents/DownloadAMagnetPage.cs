namespace CcBt.Core.Tests.Documents;

/// <summary>What docs/download-a-magnet.md shows.</summary>
internal static class DownloadAMagnetPage
{
    public static async Task WithOneCallAsync(string magnet, CancellationToken cancellationToken)
    {
        await using TorrentSession session = await TorrentSession.OpenAsync(magnet, "downloads", cancellationToken);
        await session.StartAsync(cancellationToken);
        await session.WaitForCompletionAsync(cancellationToken);
    }

    public static async Task WithAClientAsync(string magnet, string torrentPath, CancellationToken cancellationToken)
    {
        await using TorrentClient client = await TorrentClient.OpenAsync(cancellationToken: cancellationToken);
        var options = new AddTorrentOptions { SaveDirectory = "downloads" };
        TorrentSession first = await client.AddAsync(magnet, options, cancellationToken);
        TorrentSession second = await client.AddAsync(torrentPath, options, cancellationToken);
        await Task.WhenAll(first.StartAsync(cancellationToken), second.StartAsync(cancellationToken));
        await Task.WhenAll(first.WaitForCompletionAsync(cancellationToken), second.WaitForCompletionAsync(cancellationToken));
    }

    public static async Task StartedByPeersAsync(TorrentClient client, MagnetLink magnet, CancellationToken cancellationToken)
    {
        TorrentSession session = await client.AddAsync(magnet, new AddTorrentOptions
        {
            SaveDirectory = "downloads",
            Start = StartMode.WhenPeersFound,
        }, cancellationToken);
        Torrent torrent = await session.WaitForMetadataAsync(cancellationToken);
        Console.WriteLine($"{torrent.Name}: {torrent.Files.Count} files, {torrent.TotalSize} bytes");
        await session.WaitForCompletionAsync(cancellationToken);
        Console.WriteLine($"starts: {session.StartCounters.Begun}");
    }
}
