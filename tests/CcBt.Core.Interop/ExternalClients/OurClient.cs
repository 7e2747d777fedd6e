using System.Net;

namespace CcBt.Core.Interop.ExternalClients;

/// <summary>The library under test, by its public face: a client on an address of its own, with only the discovery that a test asks for.</summary>
internal sealed class OurClient : IAsyncDisposable
{
    private readonly Lab _lab;
    private readonly TorrentClient _client;
    private readonly MemoryLog _log;

    private OurClient(Lab lab, Endpoint endpoint, TorrentClient client, MemoryLog log)
    {
        _lab = lab;
        _log = log;
        _client = client;
        Endpoint = endpoint;
    }

    public Endpoint Endpoint { get; }

    public TorrentClient Client => _client;

    public static Task<OurClient> OpenAsync(Lab lab, Endpoint? dhtRouter = null, string? state = null, Endpoint? endpoint = null)
        => OpenAsync(lab, new TorrentClientOptions
        {
            EnableDht = dhtRouter is not null,
            DhtRouters = dhtRouter is null ? [] : [dhtRouter.ToString()],
            EnableLocalDiscovery = false,
            StateDirectory = state,
        }, endpoint);

    public static async Task<OurClient> OpenAsync(Lab lab, TorrentClientOptions options, Endpoint? endpoint = null)
    {
        endpoint ??= Endpoint.Next();
        var log = new MemoryLog();
        TorrentClient client = await TorrentClient.OpenAsync(options with { ListenEndPoints = [endpoint.ToIPEndPoint()], LoggerFactory = log }, lab.Token);
        return lab.Keep(new OurClient(lab, endpoint, client, log));
    }

    /// <summary>Adds a .torrent path or magnet link and starts it.</summary>
    public async Task<TorrentSession> LeechAsync(string torrentOrMagnet, string folder, params Endpoint[] peers)
    {
        TorrentSession session = await _client.AddAsync(torrentOrMagnet,
            new AddTorrentOptions { SaveDirectory = folder, Peers = [.. peers.Select(p => p.ToIPEndPoint())] }, _lab.Token);
        // Not awaited: the start of a magnet link contains the wait for its metadata. A failure shows when completion is waited for.
        _ = session.StartAsync(_lab.Token);
        return session;
    }

    /// <summary>Adds a torrent whose data is complete, and waits until it is served.</summary>
    public async Task<TorrentSession> SeedAsync(TestTorrent torrent, string folder, bool trust = false, params Endpoint[] peers)
    {
        TorrentSession session = await _client.AddAsync(torrent.Path,
            new AddTorrentOptions { SaveDirectory = folder, TrustFiles = trust, Peers = [.. peers.Select(p => p.ToIPEndPoint())] }, _lab.Token);
        await session.StartAsync(_lab.Token);
        await WaitUntilCompleteAsync(session);
        return session;
    }

    /// <summary>Waits for completion, and says what the session looked like when it does not come.</summary>
    public async Task WaitUntilCompleteAsync(TorrentSession session)
    {
        try
        {
            await session.WaitForCompletionAsync(_lab.Token);
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"Out of time: our session is not complete: {session.Status}\n{_log}");
        }
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    /// <summary>An endpoint as the library wants it.</summary>
    public static IPEndPoint[] Peers(params Endpoint[] endpoints) => [.. endpoints.Select(e => e.ToIPEndPoint())];
}
