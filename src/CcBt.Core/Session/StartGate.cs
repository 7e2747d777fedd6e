namespace CcBt.Core.Session;

/// <summary>
/// Starts a session exactly once, however many callers, discoveries and timers ask for it at once. Any thread may call it.
/// </summary>
/// <remarks>
/// An AsyncLazy that retries on failure: lazy, shared, single-flight, its body on the thread pool; but a failure is followed by a
/// growing delay, and there is a second door for those who do not wait. Nothing is locked. All of its state is one immutable
/// value, and each move is one compare-and-swap of it; whoever wins the swap carries out what follows from it. The task of
/// an attempt is published by the very swap that begins it, so that there is no moment at which two callers can both find nothing.
/// </remarks>
internal sealed class StartGate
{
    private readonly Func<CancellationToken, Task> _start;
    private readonly StartGateOptions _options;
    private readonly StartGateReports _reports;
    private readonly IGateSteps? _steps;
    private readonly RetryTimer _retryTimer;
    private GateState _state;
    private long _joined;

    /// <param name="start">The body: runs at most once at a time, and never again once it has succeeded. It has to heed its token and to
    /// bound its own waits; what it throws, every waiter of that attempt sees.</param>
    /// <param name="options">The clock, the delays and the observer.</param>
    public StartGate(Func<CancellationToken, Task> start, StartGateOptions options)
    {
        _start = start;
        _options = options;
        _reports = new StartGateReports(options.Observer);
        _steps = options.Steps;
        _state = GateState.Idle(options.Held);
        _retryTimer = new RetryTimer(options.TimeProvider, OnRetryTimer);
    }

    /// <summary>All of the state at one instant.</summary>
    public GateState State => Volatile.Read(ref _state);

    /// <summary>The counters at one instant, except that joins are counted a moment after they happen.</summary>
    public StartCounters Counters
    {
        get
        {
            GateState state = State;
            return new StartCounters(state.Begun, Interlocked.Read(ref _joined), state.Failed, state.Retried, state.Cancelled);
        }
    }

    /// <summary>The last exception that the observer, or the judge of what is transient, threw.</summary>
    public Exception? LastFault => _reports.LastFault;

    /// <summary>
    /// Begins the start, or joins the one in flight, at once: neither a hold nor a back-off stands in the way of a call.
    /// Once started it completes synchronously and allocates nothing.
    /// </summary>
    /// <param name="cancellationToken">Ends this caller's wait, not the start. When it is cancelled beforehand, nothing is begun.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the gate was closed while the start was in flight.</exception>
    /// <exception cref="ObjectDisposedException">The gate was closed before the call.</exception>
    /// <exception cref="TorrentStateException">The body of the start waits for itself.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default) =>
        Volatile.Read(ref _state).Phase == GatePhase.Started ? Task.CompletedTask : BeginOrJoinAsync(cancellationToken);

    /// <summary>Begins the start if it may begin now, and says what came of it. Never waits and never throws.</summary>
    public KnockResult Knock(KnockSource source)
    {
        while (true)
        {
            GateState seen = Read();
            switch (seen)
            {
                case { Phase: GatePhase.Started }:
                    return KnockResult.AlreadyStarted;
                case { Phase: GatePhase.Closed }:
                    return KnockResult.Closed;
                case { Phase: GatePhase.Starting }:
                    Interlocked.Increment(ref _joined);
                    return KnockResult.Joined;
                case { Held: true }:
                    return KnockResult.Held;
                case { Phase: GatePhase.BackingOff or GatePhase.Faulted }:
                    return KnockResult.BackingOff;
            }

            if (TryBegin(seen, seen, source) is not null) return KnockResult.Begun;
        }
    }

    /// <summary>Turns knocks and retries away: once this has returned, none begins a start. A start in flight goes on.</summary>
    public void Hold()
    {
        while (Read() is { Held: false, Phase: not GatePhase.Closed } seen && !TrySwap(seen, seen.Hold()))
        {
        }
    }

    /// <summary>Lets knocks through again, and begins the retry that fell due meanwhile.</summary>
    public void Release()
    {
        while (Read() is { Held: true, Phase: not GatePhase.Closed } seen)
        {
            bool done = seen is { Phase: GatePhase.BackingOff, RetryOwed: true }
                ? TryBegin(seen, seen.Release(), KnockSource.Retry) is not null
                : TrySwap(seen, seen.Release());
            if (done) return;
        }
    }

    /// <summary>
    /// Closes the gate for ever, cancels a start in flight and waits until its body has ended; never throws. Called from inside that
    /// body it does not wait, as the body would wait for itself.
    /// </summary>
    public Task CloseAsync()
    {
        while (true)
        {
            GateState seen = Read();
            TaskCompletionSource closing = seen.Closing ?? new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (seen.Phase != GatePhase.Closed)
            {
                if (!TrySwap(seen, seen.Close(closing))) continue;
                _retryTimer.Dispose();
                _ = FinishCloseAsync(seen, closing);
            }

            return seen.Attempt is { IsRunningHere: true } ? Task.CompletedTask : closing.Task;
        }
    }

    internal async Task RunAsync(StartAttempt attempt)
    {
        Exception? error = null;
        try
        {
            _steps?.At(GatePoint.Run, null);
            if (State.Phase == GatePhase.Closed) throw new OperationCanceledException("The session was closed before the start ran.");
            await attempt.InvokeAsync(_start).ConfigureAwait(false);
        }
        catch (Exception caught)
        {
            error = caught; // Whatever it is, it belongs to those who wait, and the gate has to be freed.
        }

        if (error is null) Succeed(attempt);
        else Fail(attempt, error);
    }

    private Task BeginOrJoinAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            GateState seen = Read();
            if (seen.Phase == GatePhase.Started) return Task.CompletedTask;
            if (seen.Phase == GatePhase.Closed) return RefuseAsync(new ObjectDisposedException("TorrentSession", "The session is closed; add the torrent again to start it again."));
            if (seen.Phase == GatePhase.Starting) return JoinAsync(seen.Attempt!, cancellationToken);
            if (cancellationToken.IsCancellationRequested) return Task.FromCanceled(cancellationToken);
            if (TryBegin(seen, seen, KnockSource.Manual) is { } begun) return begun.WaitAsync(cancellationToken);
        }
    }

    private Task JoinAsync(StartAttempt attempt, CancellationToken cancellationToken)
    {
        if (attempt.IsRunningHere)
        {
            return RefuseAsync(new TorrentStateException(TorrentErrorCode.WrongState, "The start waits for its own end: code that it calls must not await StartAsync.", "StartAsync", isTransient: false));
        }

        Interlocked.Increment(ref _joined);
        return attempt.WaitAsync(cancellationToken);
    }

    /// <summary>The one place at which a start begins, whoever asked for it. Returns null where another thread has moved the gate meanwhile.</summary>
    private StartAttempt? TryBegin(GateState seen, GateState from, KnockSource source)
    {
        var attempt = new StartAttempt(this, source) { Id = from.Begun + 1 };
        if (!TrySwap(seen, from.Begin(attempt))) return null;
        _steps?.At(GatePoint.Launch, null);
        _reports.Begun(attempt);

        // Without the caller's execution context, and not in the queue of a caller that may go on to block its thread.
        if (_steps is null) ThreadPool.UnsafeQueueUserWorkItem(attempt, preferLocal: false);
        else _steps.Queue(attempt);
        return attempt;
    }

    private void Succeed(StartAttempt attempt)
    {
        while (true)
        {
            GateState seen = Read();
            if (seen.Phase == GatePhase.Closed)
            {
                EndCancelled(attempt, null);
                return;
            }

            if (!TrySwap(seen, seen.Succeed())) continue;
            _reports.Succeeded(attempt);
            attempt.EndWithSuccess();
            return;
        }
    }

    private void Fail(StartAttempt attempt, Exception error)
    {
        GateState seen = Read();
        if (seen.Phase == GatePhase.Closed)
        {
            EndCancelled(attempt, error);
            return;
        }

        // Told before the gate is free, else the next attempt could be reported first.
        TimeSpan? delay = IsTransient(error) ? _options.RetryDelay(seen.Failed + 1) : null;
        _reports.Failed(attempt, error, delay);
        long? retryAt = delay is { } wait ? _retryTimer.TimestampAfter(wait) : null;
        while (!TrySwap(seen, seen.Fail(error, retryAt))) seen = Read();

        // The gate is free before anybody wakes, so that whoever sees the exception can begin again.
        _steps?.At(GatePoint.Arm, null);
        if (delay is { } due && seen.Phase != GatePhase.Closed) _retryTimer.Arm(due);
        attempt.EndWithFailure(error);
    }

    private void EndCancelled(StartAttempt attempt, Exception? error)
    {
        GateState seen;
        do seen = Read();
        while (!TrySwap(seen, seen.Cancel()));
        _reports.Cancelled(attempt, error);
        attempt.EndWithCancellation();
    }

    private async Task FinishCloseAsync(GateState last, TaskCompletionSource closing)
    {
        if (last.Attempt is { } attempt)
        {
            _steps?.At(GatePoint.Cancel, null);
            if (last.Phase == GatePhase.Starting) attempt.Cancel();
            await attempt.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _reports.Closed();
        closing.SetResult();
    }

    private void OnRetryTimer()
    {
        while (Read() is { Phase: GatePhase.BackingOff, RetryOwed: false } seen)
        {
            if (!_retryTimer.IsDue(seen.RetryAt)) return;
            if (seen.Held ? TrySwap(seen, seen.OweRetry()) : TryBegin(seen, seen, KnockSource.Retry) is not null) return;
        }
    }

    private bool IsTransient(Exception error)
    {
        try
        {
            return _options.IsTransient(error);
        }
        catch (Exception fault)
        {
            _reports.Keep(fault);
            return false; // A judge that fails must not keep the gate shut; a call can still begin again.
        }
    }

    private GateState Read()
    {
        _steps?.At(GatePoint.Read, null);
        return Volatile.Read(ref _state);
    }

    private bool TrySwap(GateState seen, GateState next)
    {
        _steps?.At(GatePoint.Swap, seen);
        return ReferenceEquals(Interlocked.CompareExchange(ref _state, next, seen), seen);
    }

    private static Task RefuseAsync(Exception error)
    {
        Task refused = Task.FromException(error);
        _ = refused.Exception; // Seen, should the caller drop it.
        return refused;
    }
}
