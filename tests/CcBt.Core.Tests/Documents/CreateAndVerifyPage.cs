namespace CcBt.Core.Tests.Documents;

/// <summary>What docs/create-and-verify.md shows.</summary>
internal static class CreateAndVerifyPage
{
    public static async Task CreateAsync(CancellationToken cancellationToken)
    {
        var progress = new Progress<HashProgress>(p => Console.WriteLine($"{p.BytesDone} of {p.BytesTotal} bytes"));
        Torrent torrent = await TorrentCreator.CreateAsync("game", new CreateTorrentOptions
        {
            Trackers = [["https://tracker.example/announce"], ["udp://backup.example:6969"]],
            WebSeeds = ["https://cdn.example/"],
            Comment = "release 1.2",
        }, progress, cancellationToken);
        await torrent.SaveAsync("game.torrent", cancellationToken);
        Console.WriteLine(torrent.ToMagnetLink());
    }

    public static async Task VerifyAsync(CancellationToken cancellationToken)
    {
        Torrent torrent = await Torrent.LoadAsync("game.torrent", cancellationToken);
        VerifyReport report = await TorrentVerifier.VerifyAsync(torrent, "installed", cancellationToken: cancellationToken);
        foreach (FileVerification file in report.Files.Where(file => file.State != FileState.Good))
            Console.WriteLine($"{file.State}: {file.Path}");
        Console.WriteLine(report.IsComplete ? "all good" : $"{report.PieceCount - report.GoodPieces} pieces differ");
    }
}
