using System.Net;

namespace CcBt.Core.Floods.Library;

/// <summary>
/// The process that is flooded: one client with one torrent, by the public face of the library. It says <c>ready PORT</c>, then answers the lines
/// <c>state</c> and <c>collect</c> (the same, after a garbage collection) until its input ends.
/// </summary>
internal static class LibraryProgram
{
    public static async Task<int> RunAsync(LibrarySetup setup)
    {
        var options = new TorrentClientOptions
        {
            ListenEndPoints = [new IPEndPoint(IPAddress.Any, 0)],
            EnableDht = setup.EnableDht,
            DhtRouters = [],
            EnableLocalDiscovery = false,
            EnableTrackers = false,
        };
        var add = new AddTorrentOptions { SaveDirectory = setup.Folder, TrustFiles = setup.Seeds, Peers = [.. setup.Peers.Select(IPEndPoint.Parse)] };
        if (setup.MaxConnections is { } most)
            (options, add) = (options with { MaxConnections = most }, add with { MaxConnections = most });
        await using TorrentClient client = await TorrentClient.OpenAsync(options);
        TorrentSession session = await client.AddAsync(setup.Torrent, add);
        await session.StartAsync();
        Console.WriteLine($"ready {client.ListenEndPoints[0].Port}");
        while (await Console.In.ReadLineAsync() is { } line)
            Console.WriteLine(StateOf(client, session, collects: line == "collect"));
        return 0;
    }

    private static LibraryState StateOf(TorrentClient client, TorrentSession session, bool collects) => new()
    {
        ConnectedPeers = client.Status.ConnectedPeers,
        KnownPeers = session.Status.KnownPeers,
        UploadedBytes = session.Status.UploadedBytes,
        VerifiedBytes = session.Status.VerifiedBytes,
        IsComplete = session.Status.IsComplete,
        ManagedBytes = GC.GetTotalMemory(collects),
        CommittedBytes = GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes,
    };
}
