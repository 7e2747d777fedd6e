using System.Net;

namespace CcBt.Core.Tests.Documents;

/// <summary>What docs/limits-and-options.md shows.</summary>
internal static class LimitsAndOptionsPage
{
    public static async Task OptionsAsync(string magnet, CancellationToken cancellationToken)
    {
        await using TorrentClient client = await TorrentClient.OpenAsync(new TorrentClientOptions
        {
            DownloadBytesPerSecond = 4 << 20, // of all sessions together; 0, the default, is no limit
            UploadBytesPerSecond = 512 << 10,
            MaxConnections = 300,
        }, cancellationToken);
        TorrentSession session = await client.AddAsync(magnet, new AddTorrentOptions
        {
            SaveDirectory = "downloads",
            DownloadBytesPerSecond = 1 << 20, // of this session
            MaxConnections = 50,
        }, cancellationToken);

        client.SetRateLimits(downloadBytesPerSecond: 0, uploadBytesPerSecond: 64 << 10);
        session.SetRateLimits(downloadBytesPerSecond: 0, uploadBytesPerSecond: 0);
    }

    public static async Task<TorrentClient> ClosedNetworkAsync(CancellationToken cancellationToken)
    {
        return await TorrentClient.OpenAsync(new TorrentClientOptions
        {
            ListenEndPoints = [new IPEndPoint(IPAddress.Parse("10.0.0.5"), 0)],
            EnableDht = false,
            EnableLocalDiscovery = false,
            EnableTrackers = false,
            EnablePeerExchange = false,
        }, cancellationToken);
    }
}
