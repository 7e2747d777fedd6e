namespace CcBt.Core.Session;

/// <summary>
/// Everything the gate knows, as one immutable value: the gate moves by replacing it in one compare-and-swap (by reference,
/// not by the record's equality), so that phase, hold and counters can never disagree. It is also the gate's snapshot.
/// </summary>
internal sealed record GateState
{
    private GateState()
    {
    }

    public GatePhase Phase { get; private init; }

    /// <summary>Whether knocks are turned away because the session is paused or not armed.</summary>
    public bool Held { get; private init; }

    /// <summary>Whether the delay after a failure passed while the gate was held, so that the release begins the retry.</summary>
    public bool RetryOwed { get; private init; }

    /// <summary>The timestamp at which <see cref="GatePhase.BackingOff"/> ends.</summary>
    public long RetryAt { get; private init; }

    /// <summary>The attempt in flight; in Started the one that succeeded; in Closed the last one to wait for.</summary>
    public StartAttempt? Attempt { get; private init; }

    /// <summary>Completed when the close is: the attempt in flight has ended and everybody has been told.</summary>
    public TaskCompletionSource? Closing { get; private init; }

    /// <summary>Why the last attempt failed, until another one begins.</summary>
    public Exception? Error { get; private init; }

    public long Begun { get; private init; }

    public long Failed { get; private init; }

    public long Retried { get; private init; }

    public long Cancelled { get; private init; }

    public static GateState Idle(bool held) => new() { Held = held };

    /// <summary>Begins <paramref name="attempt"/>. Whoever swaps this in has won and must launch it.</summary>
    public GateState Begin(StartAttempt attempt) => this with
    {
        Phase = GatePhase.Starting,
        Attempt = attempt,
        RetryOwed = false,
        Error = null,
        Begun = Begun + 1,
        Retried = Failed > 0 ? Retried + 1 : Retried,
    };

    public GateState Succeed() => this with { Phase = GatePhase.Started };

    /// <summary>Frees the gate after a failure. A gate that was closed meanwhile stays closed and only counts.</summary>
    public GateState Fail(Exception error, long? retryAt) => Phase == GatePhase.Closed
        ? this with { Failed = Failed + 1 }
        : this with
        {
            Phase = retryAt is null ? GatePhase.Faulted : GatePhase.BackingOff,
            Attempt = null,
            RetryAt = retryAt ?? 0,
            Error = error,
            Failed = Failed + 1,
        };

    public GateState Cancel() => this with { Cancelled = Cancelled + 1 };

    public GateState OweRetry() => this with { RetryOwed = true };

    public GateState Hold() => this with { Held = true };

    public GateState Release() => this with { Held = false };

    public GateState Close(TaskCompletionSource closing) => this with { Phase = GatePhase.Closed, Closing = closing };
}
