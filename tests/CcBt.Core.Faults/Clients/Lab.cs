using System.Net;
using System.Security.Cryptography;
using CcBt.Core.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CcBt.Core.Faults.Clients;

/// <summary>A payload, its torrent, a folder that goes at the end, and clients on loopback addresses of their own.</summary>
internal sealed class Lab : IAsyncDisposable
{
    private static int s_nextAddress;

    private readonly List<TorrentClient> _clients = [];

    private Lab(string folder, Torrent torrent, byte[] payload)
    {
        Folder = folder;
        Torrent = torrent;
        Payload = payload;
    }

    /// <summary>How long a story waits for what takes a moment on an idle machine.</summary>
    public static TimeSpan Patience => TimeSpan.FromSeconds(90);

    /// <summary>What a dispose promises, and a second for a machine with much else to do.</summary>
    public static TimeSpan CloseBound => TimeSpan.FromSeconds(6);

    public string Folder { get; }

    public Torrent Torrent { get; }

    public byte[] Payload { get; }

    public string SeedFolder => FolderFor("seed");

    public string TorrentPath => FolderFor("payload.torrent");

    public static async Task<Lab> CreateAsync(int bytes, int pieceLength = 64 << 10, string? folder = null)
    {
        folder ??= Directory.CreateTempSubdirectory("ccbt-faults-").FullName;
        string seed = Path.Combine(folder, "seed");
        Directory.CreateDirectory(seed);
        byte[] payload = RandomNumberGenerator.GetBytes(bytes);
        string path = Path.Combine(seed, "payload.bin");
        await File.WriteAllBytesAsync(path, payload);
        Torrent torrent = await TorrentCreator.CreateAsync(path, new CreateTorrentOptions { PieceLength = pieceLength });
        var lab = new Lab(folder, torrent, payload);
        await torrent.SaveAsync(lab.TorrentPath);
        return lab;
    }

    public string FolderFor(string name) => Path.Combine(Folder, name);

    public static TorrentClientOptions Options(ILoggerFactory? log = null)
    {
        int number = Interlocked.Increment(ref s_nextAddress);
        var address = new IPAddress([127, 77, (byte)(Environment.ProcessId % 250), (byte)(1 + number % 250)]);
        return new TorrentClientOptions
        {
            ListenEndPoints = [new IPEndPoint(address, 0)],
            EnableDht = false,
            EnableLocalDiscovery = false,
            DhtRouters = [],
            LoggerFactory = log ?? NullLoggerFactory.Instance,
        };
    }

    public async Task<TorrentClient> OpenAsync(Func<TorrentClientOptions, TorrentClientOptions>? change = null, ILoggerFactory? log = null)
    {
        TorrentClientOptions options = Options(log);
        TorrentClient client = await TorrentClient.OpenAsync(change?.Invoke(options) ?? options);
        _clients.Add(client);
        return client;
    }

    /// <summary>A started seeder; returns the address that it is reached at.</summary>
    public async Task<IPEndPoint> SeedAsync(Func<TorrentClientOptions, TorrentClientOptions>? change = null)
    {
        TorrentClient client = await OpenAsync(change);
        TorrentSession session = await client.AddAsync(Torrent, new AddTorrentOptions { SaveDirectory = SeedFolder, TrustFiles = true });
        await session.StartAsync().WaitAsync(Patience);
        return client.ListenEndPoints[0];
    }

    /// <summary>The pieces of a copy that have their hash; none when there is no file.</summary>
    public PieceSet GoodPieces(string saveFolder)
    {
        var good = new PieceSet(Torrent.PieceCount);
        string path = Path.Combine(saveFolder, "payload.bin");
        if (!File.Exists(path))
            return good;
        byte[] copy = File.ReadAllBytes(path);
        for (int piece = 0; piece < Torrent.PieceCount; piece++)
        {
            int offset = piece * Torrent.PieceLength, size = Math.Min(Torrent.PieceLength, Payload.Length - offset);
            if (copy.Length >= offset + size && copy.AsSpan(offset, size).SequenceEqual(Payload.AsSpan(offset, size)))
                good.Add(piece);
        }
        return good;
    }

    public bool IsWhole(string saveFolder) => GoodPieces(saveFolder).IsFull && new FileInfo(Path.Combine(saveFolder, "payload.bin")).Length == Payload.Length;

    public async Task CloseClientsAsync()
    {
        foreach (TorrentClient client in _clients)
            await client.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseClientsAsync();
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // A file system is mounted there; it goes with its namespace.
        }
    }
}
