using System.Diagnostics;
using System.Net;

namespace CcBt.Core.Tests.Session;

/// <summary>Large pieces, several seeders, file choices and rate limits over loopback sockets.</summary>
public sealed class ManyPeersTests
{
    [Theory]
    [InlineData(8 << 20)]
    [InlineData(16 << 20)]
    public async Task Large_pieces_come_from_two_seeders(int pieceLength)
    {
        await using var swarm = new LoopbackSwarm(33_000_001, pieceLength);
        Torrent torrent = await swarm.CreateTorrentAsync();
        IPEndPoint[] seeders = [(await swarm.SeedAsync(torrent)).Address, (await swarm.SeedAsync(torrent)).Address];
        TorrentClient client = await swarm.OpenClientAsync();
        TorrentSession session = await client.AddAsync(torrent, new AddTorrentOptions { SaveDirectory = swarm.FolderFor("leech"), Peers = seeders });
        await session.StartAsync().WaitAsync(LoopbackSwarm.Patience);
        await session.WaitForCompletionAsync().WaitAsync(LoopbackSwarm.Patience);
        Assert.True(swarm.IsEqual(swarm.FolderFor("leech")));
    }

    [Fact]
    public async Task Files_that_were_not_chosen_never_appear()
    {
        await using var swarm = new LoopbackSwarm(300_000, 16 << 10);
        File.WriteAllBytes(Path.Combine(swarm.SeedFolder, "a.bin"), new byte[100_000]);
        File.WriteAllBytes(Path.Combine(swarm.SeedFolder, "z.bin"), new byte[100_000]);
        Torrent torrent = await TorrentCreator.CreateAsync(swarm.SeedFolder, new CreateTorrentOptions { PieceLength = 16 << 10 });
        TorrentClient seeder = await swarm.OpenClientAsync();
        TorrentSession seeding = await seeder.AddAsync(torrent, new AddTorrentOptions { SaveDirectory = swarm.Folder });
        await seeding.StartAsync().WaitAsync(LoopbackSwarm.Patience);
        TorrentClient client = await swarm.OpenClientAsync();
        TorrentSession session = await client.AddAsync(torrent, new AddTorrentOptions
        {
            SaveDirectory = swarm.FolderFor("leech"),
            Peers = [seeder.ListenEndPoints[0]],
            FileFilter = f => f.Path.EndsWith("payload.bin", StringComparison.Ordinal),
        });
        await session.StartAsync().WaitAsync(LoopbackSwarm.Patience);
        await session.WaitForCompletionAsync().WaitAsync(LoopbackSwarm.Patience);
        string folder = Path.Combine(swarm.FolderFor("leech"), torrent.Name);
        Assert.True(swarm.IsEqual(folder));
        Assert.False(File.Exists(Path.Combine(folder, "a.bin")) || File.Exists(Path.Combine(folder, "z.bin")));

        await session.SelectFilesAsync(_ => true).WaitAsync(LoopbackSwarm.Patience);
        await session.WaitForCompletionAsync().WaitAsync(LoopbackSwarm.Patience);
        Assert.Equal(new byte[100_000], File.ReadAllBytes(Path.Combine(folder, "a.bin")));
        Assert.Equal(new byte[100_000], File.ReadAllBytes(Path.Combine(folder, "z.bin")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rate_limit_holds_for_a_session_and_for_a_client(bool ofSession)
    {
        const int rate = 1 << 20;
        await using var swarm = new LoopbackSwarm(3 << 19);
        Torrent torrent = await swarm.CreateTorrentAsync();
        (_, IPEndPoint seeder) = await swarm.SeedAsync(torrent);
        TorrentClient client = await swarm.OpenClientAsync(o => o with { DownloadBytesPerSecond = ofSession ? 0 : rate });
        TorrentSession session = await client.AddAsync(torrent, new AddTorrentOptions
        {
            SaveDirectory = swarm.FolderFor("leech"),
            Peers = [seeder],
            DownloadBytesPerSecond = ofSession ? rate : 0,
        });
        long began = Stopwatch.GetTimestamp();
        await session.StartAsync().WaitAsync(LoopbackSwarm.Patience);
        await session.WaitForCompletionAsync().WaitAsync(LoopbackSwarm.Patience);
        // A burst is allowed at the beginning; a slow machine only takes longer.
        Assert.True(Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(1), $"1.5 MiB at 1 MiB/s took {Stopwatch.GetElapsedTime(began)}.");
    }
}
