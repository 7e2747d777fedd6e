using System.Net;
using System.Security.Cryptography;
using CcBt.Core;

namespace CcBt.Quickstart;

/// <summary>A private DHT of a few nodes and one seeder with a fresh payload, all on loopback addresses.</summary>
internal sealed class PrivateSwarm : IAsyncDisposable
{
    private const int PayloadBytes = 64 << 20;
    private const int NodeCount = 5;

    private readonly List<TorrentClient> _clients = [];

    private PrivateSwarm(FileInfo payload, MagnetLink magnet)
    {
        Payload = payload;
        Magnet = magnet;
    }

    public FileInfo Payload { get; }

    /// <summary>The info hash and nothing else: no tracker, no peer address.</summary>
    public MagnetLink Magnet { get; }

    public IPEndPoint Seeder => _clients[^1].ListenEndPoints[0];

    public static async Task<PrivateSwarm> OpenAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        var payload = new FileInfo(Path.Combine(folder, "payload.bin"));
        await WriteRandomAsync(payload.FullName);
        payload.Refresh();
        Torrent torrent = await TorrentCreator.CreateAsync(payload.FullName, new CreateTorrentOptions());
        var swarm = new PrivateSwarm(payload, new MagnetLink(torrent.SwarmHash));
        for (int i = 1; i <= NodeCount; i++)
            swarm._clients.Add(await TorrentClient.OpenAsync(swarm.OptionsFor($"127.77.0.{i}")));
        TorrentClient seeder = await TorrentClient.OpenAsync(swarm.OptionsFor("127.77.0.50"));
        swarm._clients.Add(seeder);
        TorrentSession session = await seeder.AddAsync(torrent, new AddTorrentOptions { SaveDirectory = folder });
        Task announced = FirstLookupAsync(session);
        await session.StartAsync();
        await announced;
        return swarm;
    }

    /// <summary>A client on one loopback address that knows the first node and nobody else.</summary>
    public TorrentClientOptions OptionsFor(string address) => new()
    {
        ListenEndPoints = [new IPEndPoint(IPAddress.Parse(address), 0)],
        DhtRouters = _clients.Count == 0 ? [] : [_clients[0].ListenEndPoints[0].ToString()],
        EnableLocalDiscovery = false,
        EnableTrackers = false,
    };

    public async Task<bool> MatchesAsync(string path)
    {
        await using FileStream ours = Payload.OpenRead(), theirs = File.OpenRead(path);
        byte[] sent = await SHA256.HashDataAsync(ours), received = await SHA256.HashDataAsync(theirs);
        return sent.SequenceEqual(received);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (TorrentClient client in Enumerable.Reverse(_clients))
            await client.DisposeAsync();
    }

    /// <summary>Ends when the seeder has looked for peers once: by then it has announced itself to the nodes.</summary>
    private static async Task FirstLookupAsync(TorrentSession session)
    {
        await foreach (PeersDiscoveredEventArgs e in session.WatchPeersAsync())
        {
            if (e.LookupEnded)
                return;
        }
    }

    private static async Task WriteRandomAsync(string path)
    {
        await using FileStream file = File.Create(path);
        var block = new byte[1 << 20];
        for (int written = 0; written < PayloadBytes; written += block.Length)
        {
            RandomNumberGenerator.Fill(block);
            await file.WriteAsync(block);
        }
    }
}
