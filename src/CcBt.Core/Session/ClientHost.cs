using System.Net;
using CcBt.Core.Addressing;
using CcBt.Core.Storage;
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

    private ClientHost(TorrentClientOptions options, IDisk stateDisk)
    {
        Options = options;
        Logger = options.LoggerFactory.CreateLogger(Telemetry.Name);
        _down = new TokenBucket(options.TimeProvider, options.DownloadBytesPerSecond);
        _up = new TokenBucket(options.TimeProvider, options.UploadBytesPerSecond);
        Pump = new ClientPump(options.TimeProvider, Logger);
        State = options.StateDirectory is { } directory ? new StateDirectory(directory, stateDisk, Logger) : null;
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
    public static Task<ClientHost> OpenAsync(TorrentClientOptions options, CancellationToken cancellationToken)
        => OpenAsync(options, OperatingSystemDisk.Instance, cancellationToken);

    /// <summary>The same with another disk below the state directory.</summary>
    public static async Task<ClientHost> OpenAsync(TorrentClientOptions options, IDisk stateDisk, CancellationToken cancellationToken)
    {
        ClientHost host;
        using (Detached.Begin())
            host = new ClientHost(options, stateDisk);
        try
        {
            using (Detached.Begin())
            {
                host.State?.Open();
                host._edges.Open(host._own);
                host.Pump.Run(host.Core);
            }
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
        while (true)
        {
            Task? closing;
            lock (_gate)
            {
                // What a session under the same name saves as it closes is what this one begins with.
                closing = FindClosingAsync(infoHash);
            }
            if (closing is not null)
            {
                await closing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
                continue;
            }
            if (TryAdd(await RecallAsync(setup, cancellationToken).ConfigureAwait(false)) is not { } front)
                continue;
            if (State is not null)
                await KeepAsync(front, cancellationToken).ConfigureAwait(false);
            return front.Handle;
        }
    }

    private async Task<SessionSetup> RecallAsync(SessionSetup setup, CancellationToken cancellationToken)
    {
        if (State is not { } state)
            return setup;
        try
        {
            return await state.RecallAsync(setup, cancellationToken)
                .WaitAsync(TimeSpan.FromSeconds(Limits.AddSaveSeconds), Options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw NoAnswer(state, exception);
        }
    }

    /// <summary>Waits until the state directory has a new session for good. One that cannot be kept, or is not waited for, is closed again.</summary>
    private async Task KeepAsync(SessionFront front, CancellationToken cancellationToken)
    {
        try
        {
            await front.Kept.Task.WaitAsync(TimeSpan.FromSeconds(Limits.AddSaveSeconds), Options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // As after a dispose: what an earlier session under this name had saved stays for the next try.
            await front.CloseAsync(SessionEnd.Stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (exception is not TimeoutException timeout)
                throw;
            throw NoAnswer(State!, timeout);
        }
    }

    private static TorrentStorageException NoAnswer(StateDirectory state, TimeoutException inner) => new(
        TorrentErrorCode.TimedOut, $"The state directory did not take the torrent within {Limits.AddSaveSeconds} seconds, so it was not added. Try again, or choose another StateDirectory.",
        state.Path, isTransient: true, inner);

    /// <summary>The end of a session that is being closed; null when there is no session.</summary>
    private Task? FindClosingAsync(InfoHash infoHash)
    {
        ObjectDisposedException.ThrowIf(_close is not null, typeof(TorrentClient));
        if (!_fronts.TryGetValue(infoHash, out SessionFront? front))
            return null;
        return front.IsClosed ? front.CloseAsync(SessionEnd.Stop) : throw new DuplicateTorrentException(infoHash);
    }

    /// <summary>Adds a session; null when one that is being closed has the name.</summary>
    private SessionFront? TryAdd(SessionSetup setup)
    {
        lock (_gate)
        {
            if (FindClosingAsync(setup.InfoHash) is not null)
                return null;
            SessionFront front;
            using (Detached.Begin())
                front = _factory.Create(setup, Forget);
            _fronts.Add(setup.InfoHash, front);
            // Posted inside the lock, so that nobody can find the session and be ahead of its opening.
            Pump.Post(new AddSessionMessage(front.Core));
            return front;
        }
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
        if (State is null || !Options.RestoreSessions)
            return;
        foreach (SessionSetup setup in await State.LoadSessionsAsync(cancellationToken).ConfigureAwait(false))
            TryAdd(setup);
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
        // Each session has its own bound; what one could not save or delete is in the log.
        Task ended = Task.WhenAll(fronts.Select(f => f.CloseAsync(SessionEnd.ClientClosed)));
        // Only a removal has none: it ends when all is deleted, or here.
        await ended.WaitAsync(TimeSpan.FromSeconds(Limits.ClientCloseSeconds), Options.TimeProvider, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (SessionFront front in fronts)
            front.IsAbandoned |= !front.Released.Task.IsCompleted;
        Pump.Post(new CallMessage((core, now) =>
        {
            // What the disk answers later reaches nobody any more: whoever waits for it must hear so now.
            foreach (SessionFront front in fronts)
                front.Core.GiveUp();
            core.Dht.Save(now);
        }));
        await Pump.DisposeAsync().ConfigureAwait(false);
        await _edges.DisposeAsync().ConfigureAwait(false);
        State?.Dispose();
        Core.Board.Close(new ClientStatus());
    }
}
