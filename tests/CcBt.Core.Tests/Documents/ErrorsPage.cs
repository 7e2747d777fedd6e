namespace CcBt.Core.Tests.Documents;

/// <summary>What docs/errors.md shows.</summary>
internal static class ErrorsPage
{
    public static async Task HandleAsync(TorrentSession session, CancellationToken cancellationToken)
    {
        try
        {
            await session.StartAsync(cancellationToken);
            await session.WaitForCompletionAsync(cancellationToken);
        }
        catch (TorrentException exception) when (exception.Code == TorrentErrorCode.DiskFull)
        {
            Console.WriteLine($"free some space on the disk of {exception.Place}");
        }
        catch (TorrentException exception)
        {
            Console.WriteLine($"{exception.Message} (where: {exception.Place}, worth another try: {exception.IsTransient})");
        }
    }

    public static void Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            Torrent torrent = Torrent.Parse(bytes);
            Console.WriteLine(torrent.Name);
        }
        catch (TorrentFormatException exception)
        {
            Console.WriteLine($"{exception.Field} at byte {exception.Offset}: {exception.Message}");
        }
    }
}
