using System.Net;
using CcBt.Core.Addressing;
using CcBt.Core.Transport;
using Microsoft.Extensions.Logging;

namespace CcBt.Core.Session;

/// <summary>
/// A running client: the owner, its pump, the edges and the sessions by name. Any thread may call it.
/// </summary>
internal sealed class ClientHost : IAsyncDisposable
{
    private readonly object _gate = new();
    private readonly Dictionary<InfoHash, SessionFront> _fronts = [];
    private readonly TokenBucket _down, _up;
    private readonly OwnAddresses _own = new();
    private readonly ClientEdges _edges;
    private readonly SessionFactory _factory;
    private Task? _close;

    private ClientHost(TorrentClientOptions options)
    {
        Options = options;
        Logger = options.LoggerFactory.CreateLogger(Telemetry.Name);
        _down = new TokenBucket(options.TimeProvider, options.DownloadBytesPerSecond);
        _up = new TokenBucket(options.TimeProvider, options.UploadBytesPerSecond);
        Pump = new ClientPump(options.TimeProvider, Logger);
        State = options.StateDirectory is { } directory ? new StateDirectory(directory, Logger) : null;
        _edges = new ClientEdges(options, Pump, State, Logger);
        Core = new ClientCore(options, _edges, Pump, _own, new SecureRandom(), Logger);
        _factory = new SessionFactory(Core, Pump, _down, _up, BeginStartAsync);
    }

    public TorrentClientOptions Options { get; }

    public ILogger Logger { get; }

    public ClientPump Pump { get; }

    public ClientCore Core { get; }

    public StateDirectory? State { get; }

    public IReadOnlyList<IPEndPoint> ListenEndPoints => _edges.ListenEndPoints;

    public IReadOnlyList<TorrentSession> Sessions
    {
        get
        {
            lock (_gate)
                return [.. _fronts.Values.Where(f => !f.IsClosed).Select(f => f.Handle)];
        }
    }

    /// <summary>Binds, starts the owner and brings saved sessions back.</summary>
    public static async Task<ClientHost> OpenAsync(TorrentClientOptions options, CancellationToken cancellationToken)
    {
        var host = new ClientHost(options);
        try
        {
            host.State?.Open();
            host._edges.Open(host._own);
            host.Pump.Run(host.Core);
            await host.RestoreAsync(cancellationToken).ConfigureAwait(false);
            return host;
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Adds a torrent or magnet link, with what is remembered of it.</summary>
    public async Task<TorrentSession> AddAsync(InfoHash infoHash, Torrent? torrent, MagnetLink? magnet, AddTorrentOptions options, CancellationToken cancellationToken)
    {
        var setup = new SessionSetup(infoHash, torrent, magnet, options, null);
        if (State is { } state)
            setup = await state.RecallAsync(setup, cancellationToken).ConfigureAwait(false);
        return (await AddAsync(setup, cancellationToken).ConfigureAwait(false)).Handle;
    }

    /// <summary>Adds a session. One that is just being closed under the same name is awaited first.</summary>
    private async Task<SessionFront> AddAsync(SessionSetup setup, CancellationToken cancellationToken)
    {
        SessionFront? front;
        while (true)
        {
            SessionFront? closing;
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_close is not null, typeof(TorrentClient));
                if (!_fronts.TryGetValue(setup.InfoHash, out closing))
                {
                    front = _factory.Create(setup);
                    _fronts.Add(setup.InfoHash, front);
                    break;
                }
                if (!closing.IsClosed)
                    throw new DuplicateTorrentException(setup.InfoHash);
            }
            await closing.CloseAsync(SessionEnd.Stop).WaitAsync(cancellationToken).ConfigureAwait(false);
            Forget(closing);
        }
        Pump.Post(new AddSessionMessage(front.Core));
        return front;
    }

    public void SetRateLimits(long downBytesPerSecond, long upBytesPerSecond)
    {
        _down.BytesPerSecond = downBytesPerSecond;
        _up.BytesPerSecond = upBytesPerSecond;
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
            return new ValueTask(_close ??= CloseAsync());
    }

    /// <summary>The body of the start gate: the owner runs the stages, and completes this task when it is done.</summary>
    private Task BeginStartAsync(SessionFront front, CancellationToken cancelled)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!Pump.Post(new BeginStartMessage(front.Core, done, cancelled)))
            done.TrySetException(new ObjectDisposedException(nameof(TorrentClient)));
        return done.Task;
    }

    private async Task RestoreAsync(CancellationToken cancellationToken)
    {
        if (State is null)
            return;
        foreach (SessionSetup setup in await State.LoadSessionsAsync(cancellationToken).ConfigureAwait(false))
            await AddAsync(setup, cancellationToken).ConfigureAwait(false);
    }

    private void Forget(SessionFront front)
    {
        lock (_gate)
        {
            if (_fronts.GetValueOrDefault(front.InfoHash) == front)
                _fronts.Remove(front.InfoHash);
        }
    }

    private async Task CloseAsync()
    {
        SessionFront[] fronts;
        lock (_gate)
            fronts = [.. _fronts.Values];
        await Task.WhenAll(fronts.Select(f => f.CloseAsync(SessionEnd.ClientClosed))).ConfigureAwait(false);
        Pump.Post(new CallMessage(static (core, now) => core.Dht.Save(now)));
        await Pump.DisposeAsync().ConfigureAwait(false);
        await _edges.DisposeAsync().ConfigureAwait(false);
        State?.Dispose();
        Core.Board.Close(new ClientStatus());
    }
}
