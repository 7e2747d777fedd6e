namespace CcBt.Core.Tests.Documents;

/// <summary>What docs/select-files.md shows.</summary>
internal static class SelectFilesPage
{
    public static async Task BeforeAsync(TorrentClient client, string magnet, CancellationToken cancellationToken)
    {
        TorrentSession session = await client.AddAsync(magnet, new AddTorrentOptions
        {
            SaveDirectory = "downloads",
            FileFilter = file => file.Path.StartsWith("game/data/", StringComparison.Ordinal),
        }, cancellationToken);
    }

    public static async Task WhileRunningAsync(TorrentSession session, CancellationToken cancellationToken)
    {
        Torrent torrent = await session.WaitForMetadataAsync(cancellationToken);
        long largest = torrent.Files.Max(file => file.Length);
        await session.SelectFilesAsync(file => file.Length == largest, cancellationToken);
    }
}
