using System.Net;
using CcBt.Core.Faults.Clients;
using CcBt.Core.Faults.Stories;

namespace CcBt.Core.Faults.Soak;

/// <summary>The torrents of a soak, who seeds them, and the client that suffers, which can be restarted on its state at any time. Thread-safe.</summary>
internal sealed class SoakField
{
    private readonly Lab _lab;
    private readonly TorrentClientOptions _options;
    private readonly SemaphoreSlim _restarting = new(1);
    private volatile TorrentClient _client;
    private int _restarts;

    private SoakField(Lab lab, IReadOnlyList<Torrent> torrents, IPEndPoint seeder, TorrentClientOptions options, TorrentClient client)
    {
        _lab = lab;
        Torrents = torrents;
        Seeder = seeder;
        _options = options;
        _client = client;
    }

    public IReadOnlyList<Torrent> Torrents { get; }

    public IPEndPoint Seeder { get; }

    public TorrentClient Client => _client;

    public int Restarts => Volatile.Read(ref _restarts);

    private string SeedFolder => _lab.FolderFor("many");

    private string Folder => _lab.FolderFor("copy");

    public static async Task<SoakField> OpenAsync(Lab lab, int count, int bytes, int seed)
    {
        var random = new Random(seed);
        var content = new byte[bytes];
        var torrents = new Torrent[count];
        string folder = lab.FolderFor("many");
        Directory.CreateDirectory(folder);
        var time = new FastTime(SoakStory.Haste);
        TorrentClient seeder = await lab.OpenAsync(o => o with { EnableDht = true, MaxConnections = 400, TimeProvider = time });
        for (int i = 0; i < count; i++)
        {
            random.NextBytes(content);
            string path = Path.Combine(folder, $"{i:000}.bin");
            await File.WriteAllBytesAsync(path, content);
            torrents[i] = await TorrentCreator.CreateAsync(path, new CreateTorrentOptions { PieceLength = 16 << 10 });
            TorrentSession session = await seeder.AddAsync(torrents[i], new AddTorrentOptions { SaveDirectory = folder, TrustFiles = true });
            await session.StartAsync().WaitAsync(Lab.Patience);
        }
        TorrentClientOptions options = Lab.Options() with { StateDirectory = lab.FolderFor("state"), EnableDht = true, TimeProvider = time, DhtRouters = [seeder.ListenEndPoints[0].ToString()] };
        TorrentClient client = await TorrentClient.OpenAsync(options);
        // The port stays when the client is restarted: others would remember each as another peer, for as long as they may.
        return new SoakField(lab, torrents, seeder.ListenEndPoints[0], options with { ListenEndPoints = client.ListenEndPoints }, client);
    }

    public Task<TorrentSession> AddAsync(int index, bool isMagnet)
    {
        var options = new AddTorrentOptions { SaveDirectory = Folder, Peers = [Seeder] };
        return isMagnet ? Client.AddAsync(new MagnetLink(Torrents[index].SwarmHash), options) : Client.AddAsync(Torrents[index], options);
    }

    /// <summary>Closes the client under everybody's hands and opens it again.</summary>
    public async Task RestartAsync(Findings findings)
    {
        if (!await _restarting.WaitAsync(0))
            return;
        try
        {
            await Wait.CloseAsync(findings, _client, "the client in use");
            _client = await TorrentClient.OpenAsync(_options);
            Interlocked.Increment(ref _restarts);
        }
        finally
        {
            _restarting.Release();
        }
    }

    /// <summary>Removes every session, so that what is still held belongs to none.</summary>
    public async Task ClearAsync(Random random)
    {
        foreach (TorrentSession session in _client.Sessions)
            await session.RemoveAsync(deleteFiles: random.Next(2) == 0).WaitAsync(Lab.Patience);
    }

    /// <summary>Whatever was done to them, all torrents can be completed, and are what they should be.</summary>
    public async Task CompleteAsync(Findings findings)
    {
        for (int i = 0; i < Torrents.Count; i++)
        {
            InfoHash hash = Torrents[i].SwarmHash;
            TorrentSession session = _client.Sessions.FirstOrDefault(s => s.InfoHash == hash) ?? await AddAsync(i, isMagnet: false);
            session.AddPeers([Seeder]);
            try
            {
                await session.StartAsync().WaitAsync(Lab.Patience);
                await session.SelectFilesAsync(static _ => true).WaitAsync(Lab.Patience);
                await session.WaitForCompletionAsync().WaitAsync(Lab.Patience);
            }
            catch (TimeoutException)
            {
                findings.Hung($"torrent {i} in the end: {Wait.Describe(session)}");
                continue;
            }
            bool isSame = File.ReadAllBytes(Path.Combine(Folder, Torrents[i].Name)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(SeedFolder, Torrents[i].Name)));
            findings.Wrong(isSame ? 0 : Torrents[i].PieceCount, $"torrent {i} is complete and differs");
        }
    }

    public async Task CloseAsync(Findings findings)
    {
        await Wait.CloseAsync(findings, _client, "the client in the end");
        await _lab.CloseClientsAsync();
        _restarting.Dispose();
    }
}
