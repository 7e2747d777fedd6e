namespace CcBt.Core.Faults.Cancellation;

/// <summary>Every public method that takes a token.</summary>
internal static class CancelCases
{
    public static IReadOnlyList<CancelCase> All { get; } =
    [
        // First: each client that a later case closes stays in the router's table for a while, and eight of them keep the living node out of its answers.
        new("TorrentClient.FindPeersAsync", static (scene, ct) => ReadAsync(scene.Client!.FindPeersAsync(scene.Lab.Torrent.SwarmHash, ct), most: int.MaxValue)),
        new("TorrentClient.OpenAsync", static async (scene, ct) => scene.Client = await scene.OpenAsync(ct)) { HasClient = false },
        new("TorrentClient.AddAsync(torrent)", static (scene, ct) => scene.Client!.AddAsync(scene.Lab.Torrent, scene.AddOptions, ct)),
        new("TorrentClient.AddAsync(magnet)", static (scene, ct) => scene.Client!.AddAsync(new MagnetLink(scene.Lab.Torrent.SwarmHash), scene.AddOptions, ct)),
        new("TorrentClient.AddAsync(path)", static (scene, ct) => scene.Client!.AddAsync(scene.Lab.TorrentPath, scene.AddOptions, ct)),
        new("TorrentSession.OpenAsync", static async (scene, ct) => scene.Single = await TorrentSession.OpenAsync(scene.Lab.TorrentPath, scene.Folder, ct)) ,
        new("TorrentSession.StartAsync", static (scene, ct) => scene.Session!.StartAsync(ct)) { HasSession = true },
        new("TorrentSession.StartAsync, magnet", static (scene, ct) => scene.Session!.StartAsync(ct)) { HasSession = true, IsMagnet = true },
        new("TorrentSession.PauseAsync", static (scene, ct) => scene.Session!.PauseAsync(ct)) { HasSession = true, IsStarted = true },
        new("TorrentSession.WaitForMetadataAsync", static async (scene, ct) => await Task.WhenAll(scene.Session!.StartAsync(CancellationToken.None), scene.Session!.WaitForMetadataAsync(ct))) { HasSession = true, IsMagnet = true },
        new("TorrentSession.WaitForCompletionAsync", static (scene, ct) => scene.Session!.WaitForCompletionAsync(ct)) { HasSession = true, IsStarted = true },
        new("TorrentSession.SelectFilesAsync", static (scene, ct) => scene.Session!.SelectFilesAsync(static _ => true, ct)) { HasSession = true, IsStarted = true },
        new("TorrentSession.WatchAsync", static (scene, ct) => ReadAsync(scene.Session!.WatchAsync(ct), most: 2)) { HasSession = true, IsStarted = true },
        new("TorrentSession.WatchPeersAsync", static (scene, ct) => WatchPeersAsync(scene, ct)) { HasSession = true, IsStarted = true },
        new("TorrentSession.RemoveAsync", static (scene, ct) => scene.Session!.RemoveAsync(deleteFiles: false, ct)) { HasSession = true, IsStarted = true, Removes = true },
        new("TorrentSession.RemoveAsync, files", static (scene, ct) => scene.Session!.RemoveAsync(deleteFiles: true, ct)) { HasSession = true, IsStarted = true, Removes = true },
        new("Torrent.LoadAsync", static (scene, ct) => Torrent.LoadAsync(scene.Lab.TorrentPath, ct)),
        new("Torrent.SaveAsync", static (scene, ct) => scene.Lab.Torrent.SaveAsync(Path.Combine(scene.Folder, "saved.torrent"), ct)),
        new("TorrentCreator.CreateAsync", static (scene, ct) => TorrentCreator.CreateAsync(scene.Lab.SeedFolder, null, null, ct)),
        new("TorrentVerifier.VerifyAsync", static (scene, ct) => TorrentVerifier.VerifyAsync(scene.Lab.Torrent, scene.Lab.SeedFolder, null, ct)),
    ];

    private static async Task ReadAsync<T>(IAsyncEnumerable<T> values, int most)
    {
        await foreach (T _ in values)
        {
            if (--most == 0)
                break;
        }
    }

    /// <summary>Each event but the last has the next one follow: batches are joined, and nothing else need be discovered.</summary>
    private static async Task WatchPeersAsync(CancelScene scene, CancellationToken cancellationToken)
    {
        int left = 2;
        scene.Session!.AddPeers([scene.Seeder]);
        await foreach (PeersDiscoveredEventArgs _ in scene.Session.WatchPeersAsync(cancellationToken))
        {
            if (--left == 0)
                break;
            scene.Session.AddPeers([scene.Seeder]);
        }
    }
}
