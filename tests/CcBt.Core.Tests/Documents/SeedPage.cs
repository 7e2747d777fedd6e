using System.Net;

namespace CcBt.Core.Tests.Documents;

/// <summary>What docs/seed.md shows.</summary>
internal static class SeedPage
{
    public static async Task SeedAsync(string torrentPath, CancellationToken cancellationToken)
    {
        await using TorrentClient client = await TorrentClient.OpenAsync(new TorrentClientOptions
        {
            ListenEndPoints = [new IPEndPoint(IPAddress.Any, 6881), new IPEndPoint(IPAddress.IPv6Any, 6881)],
        }, cancellationToken);
        TorrentSession session = await client.AddAsync(torrentPath, new AddTorrentOptions { SaveDirectory = "/srv/files" }, cancellationToken);
        await session.StartAsync(cancellationToken);
        await session.WaitForCompletionAsync(cancellationToken);
        await Task.Delay(Timeout.Infinite, cancellationToken); // it serves until it is disposed
    }

    public static async Task TrustAsync(TorrentClient client, Torrent torrent, CancellationToken cancellationToken)
    {
        TorrentSession session = await client.AddAsync(torrent, new AddTorrentOptions
        {
            SaveDirectory = "/srv/files",
            TrustFiles = true,
        }, cancellationToken);
        await session.StartAsync(cancellationToken);
    }
}
