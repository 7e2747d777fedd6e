using System.Net;
using CcBt.Core.Addressing;

namespace CcBt.Core.Session;

/// <summary>
/// The side of a session that any thread may touch: the gate, the discovery door, events, published pictures and signals.
/// Everything else is the owner's and is reached by posting.
/// </summary>
internal sealed class SessionFront
{
    private readonly IMailbox _mailbox;
    private readonly object _closeGate = new();
    private volatile bool _isPaused;
    private volatile bool _isAbandoned;
    private volatile Torrent? _torrent;
    private volatile TorrentException? _fault;
    private int _pausing;
    private volatile IReadOnlyList<PeerStatus> _peers = [];
    private volatile IReadOnlyList<TrackerStatus> _trackers = [];
    private SessionCore? _core;
    private Task? _close;
    private bool _isRemoved;

    public SessionFront(IMailbox mailbox, SessionSetup setup, SessionRates rates, DiscoveryEvents events, SeenPeers seen, Func<SessionFront, StartGate> createGate)
    {
        _mailbox = mailbox;
        _torrent = setup.Torrent;
        InfoHash = setup.InfoHash;
        SaveDirectory = setup.Options.SaveDirectory;
        Rates = rates;
        Seen = seen;
        Events = events;
        Gate = createGate(this);
        Door = new DiscoveryDoor(mailbox, seen, events, Gate, (peers, source) => new PeersFoundMessage(Core, peers, source));
        Board = new StatusBoard<SessionStatus>(new SessionStatus { Name = setup.Name, HasMetadata = setup.Torrent is not null });
        Handle = new TorrentSession(this);
        events.Sender = Handle;
    }

    public InfoHash InfoHash { get; }

    public string SaveDirectory { get; }

    public TorrentSession Handle { get; }

    public StartGate Gate { get; }

    public DiscoveryDoor Door { get; }

    public DiscoveryEvents Events { get; }

    public SeenPeers Seen { get; }

    public SessionRates Rates { get; }

    public StatusBoard<SessionStatus> Board { get; }

    public AsyncSignal<Torrent> Metadata { get; } = new();

    public AsyncSignal<bool> Completion { get; } = new();

    /// <summary>Set by the owner when the session's state is on the disk for the first time; failed when it could not be saved then.</summary>
    public AsyncSignal<bool> Kept { get; } = new();

    /// <summary>Set by the owner when everything of the session is released.</summary>
    public AsyncSignal<bool> Released { get; } = new();

    public Torrent? Torrent
    {
        get => _torrent;
        set => _torrent = value;
    }

    public IReadOnlyList<PeerStatus> Peers
    {
        get => _peers;
        set => _peers = value;
    }

    public IReadOnlyList<TrackerStatus> Trackers
    {
        get => _trackers;
        set => _trackers = value;
    }

    /// <summary>The owner's side; only ever touched through posts.</summary>
    public SessionCore Core
    {
        get => _core ?? throw new InvalidOperationException("The session has no owner yet.");
        set => _core = value;
    }

    /// <summary>Written by the owner; read by callers who want to know whether a resume must be posted.</summary>
    public bool IsPaused
    {
        get => _isPaused;
        set => _isPaused = value;
    }

    /// <summary>Why the session was given up; written by the owner.</summary>
    public TorrentException? Fault
    {
        get => _fault;
        set => _fault = value;
    }

    /// <summary>Closing was given up while the disk did not answer. What it answers later must not touch the saved state: that is a successor's now.</summary>
    public bool IsAbandoned
    {
        get => _isAbandoned;
        set => _isAbandoned = value;
    }

    /// <summary>Told when the session is closed and everything of it released.</summary>
    public Action<SessionFront>? Ended { get; init; }

    public bool IsClosed
    {
        get
        {
            lock (_closeGate)
                return _close is not null;
        }
    }

    public int AddPeers(IEnumerable<IPEndPoint> peers)
    {
        PeerAddress[] addresses = [.. peers.Select(PeerAddress.From)];
        return Door.Report(KnockSource.Manual, addresses, lookupEnded: false);
    }

    /// <summary>Resumes a paused session and begins or joins the start. A session that was given up answers with the reason.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_fault is { } fault && !IsClosed)
            return Task.FromException(fault);
        // A pause that is still on its way to the owner counts: calls have their effects in the order in which they were made.
        if (_isPaused || Volatile.Read(ref _pausing) > 0)
            _mailbox.Post(new SessionCallMessage(Core, static (core, now) => core.Unpause(now)));
        return Gate.StartAsync(cancellationToken);
    }

    public Task PauseAsync()
    {
        Interlocked.Increment(ref _pausing);
        return CallAsync(static (core, now) =>
        {
            core.Pause(now);
            Interlocked.Decrement(ref core.Front._pausing);
        });
    }

    /// <summary>In force at once, and saved like every other change.</summary>
    public void SetRateLimits(long downBytesPerSecond, long upBytesPerSecond)
    {
        Rates.Set(downBytesPerSecond, upBytesPerSecond);
        _mailbox.Post(new SessionCallMessage(Core, static (core, now) => core.Resume.Touch(now)));
    }

    /// <summary>Runs a call on the owner and ends when it has run.</summary>
    public Task CallAsync(Action<SessionCore, TimeSpan> call)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isPosted = !IsClosed && _mailbox.Post(new SessionCallMessage(Core, (core, now) =>
        {
            try
            {
                call(core, now);
                done.TrySetResult();
            }
            catch (Exception exception)
            {
                // The caller learns of it, and never hangs; what is not meant for the caller faults the session besides.
                done.TrySetException(exception);
                if (exception is not TorrentException)
                    throw;
            }
        }, () => done.TrySetException(Disposed())));
        if (!isPosted)
            done.TrySetException(Disposed());
        return done.Task;
    }

    public async Task SelectFilesAsync(Func<TorrentFile, bool> filter)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await CallAsync((core, now) => core.Selection.Choose(filter, done, now)).ConfigureAwait(false);
        await done.Task.ConfigureAwait(false);
    }

    /// <summary>
    /// Closes the session once: the door and the gate first, so that nothing begins behind them; a start in flight is
    /// cancelled and awaited; then the owner releases the rest. Every caller gets the same task.
    /// </summary>
    public Task CloseAsync(SessionEnd end)
    {
        lock (_closeGate)
        {
            if (_close is not null)
                return _close;
            Door.Close();
            using (Detached.Begin())
                return _close = CloseCoreAsync(end);
        }
    }

    /// <summary>Closes the session for good and forgets it; false when it is closed already for another reason.</summary>
    public bool TryRemove(bool deleteFiles, out Task removed)
    {
        lock (_closeGate)
        {
            bool isFirst = _close is null;
            removed = CloseAsync(SessionEnd.Remove(deleteFiles));
            _isRemoved |= isFirst;
            return _isRemoved;
        }
    }

    private async Task CloseCoreAsync(SessionEnd end)
    {
        await Gate.CloseAsync().ConfigureAwait(false);
        try
        {
            if (_mailbox.Post(new SessionCallMessage(Core, (core, now) => core.Close(end, now))))
                await Released.Task.ConfigureAwait(false);
        }
        finally
        {
            End();
        }
    }

    private void End()
    {
        Events.Dispose();
        if (!Completion.Task.IsCompletedSuccessfully)
            Completion.Fail(Disposed());
        if (!Metadata.Task.IsCompletedSuccessfully)
            Metadata.Fail(Disposed());
        Board.Close(Board.Latest with { State = SessionState.Closed, DownloadBytesPerSecond = 0, UploadBytesPerSecond = 0, ConnectedPeers = 0, ConnectedSeeds = 0 });
        Ended?.Invoke(this);
    }

    public static ObjectDisposedException Disposed() => new(nameof(TorrentSession), "The session was disposed. Add the torrent again to go on.");
}
