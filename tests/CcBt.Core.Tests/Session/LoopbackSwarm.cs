using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CcBt.Core.Tests.Session;

/// <summary>Clients on loopback addresses of their own, with a payload in a folder of its own; everything goes at the end.</summary>
internal sealed class LoopbackSwarm : IAsyncDisposable
{
    private static int s_nextAddress;

    private readonly List<TorrentClient> _clients = [];

    public LoopbackSwarm(int payloadBytes, int pieceLength = 64 << 10)
    {
        Folder = Directory.CreateTempSubdirectory("ccbt-session-").FullName;
        SeedFolder = Path.Combine(Folder, "seed");
        Directory.CreateDirectory(SeedFolder);
        PayloadPath = Path.Combine(SeedFolder, "payload.bin");
        File.WriteAllBytes(PayloadPath, RandomNumberGenerator.GetBytes(payloadBytes));
        PieceLength = pieceLength;
    }

    public string Folder { get; }

    public string SeedFolder { get; }

    public string PayloadPath { get; }

    public int PieceLength { get; }

    public Task<Torrent> CreateTorrentAsync(bool isPrivate = false)
        => TorrentCreator.CreateAsync(PayloadPath, new CreateTorrentOptions { PieceLength = PieceLength, IsPrivate = isPrivate });

    public string FolderFor(string name) => Path.Combine(Folder, name);

    /// <summary>A client on a loopback address that no other has, without discovery unless <paramref name="change"/> turns it on.</summary>
    public async Task<TorrentClient> OpenClientAsync(Func<TorrentClientOptions, TorrentClientOptions>? change = null, ILoggerFactory? log = null)
    {
        int number = Interlocked.Increment(ref s_nextAddress);
        var address = new IPAddress([127, 66, (byte)(number / 250), (byte)(1 + number % 250)]);
        var options = new TorrentClientOptions
        {
            ListenEndPoints = [new IPEndPoint(address, 0)],
            EnableDht = false,
            EnableLocalDiscovery = false,
            DhtRouters = [],
            LoggerFactory = log ?? NullLoggerFactory.Instance,
        };
        TorrentClient client = await TorrentClient.OpenAsync(change?.Invoke(options) ?? options);
        _clients.Add(client);
        return client;
    }

    /// <summary>A started seeder of the torrent; returns the address that it is reached at.</summary>
    public async Task<(TorrentSession Session, IPEndPoint Address)> SeedAsync(Torrent torrent, Func<TorrentClientOptions, TorrentClientOptions>? change = null)
    {
        TorrentClient client = await OpenClientAsync(change);
        TorrentSession session = await client.AddAsync(torrent, new AddTorrentOptions { SaveDirectory = SeedFolder });
        await session.StartAsync().WaitAsync(Patience);
        return (session, client.ListenEndPoints[0]);
    }

    /// <summary>How long a test waits for something that takes milliseconds on an idle machine.</summary>
    public static TimeSpan Patience => TimeSpan.FromSeconds(60);

    public bool IsEqual(string folder) => File.ReadAllBytes(PayloadPath).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(folder, "payload.bin")));

    public async ValueTask DisposeAsync()
    {
        foreach (TorrentClient client in _clients)
            await client.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
