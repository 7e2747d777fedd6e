using System.Diagnostics;
using CcBt.Core.Wire;

namespace CcBt.Core.Session;

/// <summary>Drives a <see cref="StartSequence"/> for the attempt that the gate has begun, and tells the gate how it ended.</summary>
internal sealed class SessionStart(SessionCore session)
{
    private StartSequence? _sequence;
    private TaskCompletionSource? _done;
    private CancellationTokenRegistration _cancellation;
    private CancellationToken _cancelled;
    private PieceSet? _trusted, _checked;
    private long _attempt;

    /// <summary>Whether a start has succeeded; it stays so until the session is closed.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>Whether an attempt was ever made.</summary>
    public bool HasBegun => _attempt > 0;

    public bool IsStarting => _sequence is not null;

    public StartStage Stage => _sequence?.Stage ?? StartStage.NotBegun;

    /// <summary>How far the running hash check is, from 0 to 1.</summary>
    public double CheckProgress { get; set; }

    public TimeSpan NextDeadline => _sequence?.NextDeadline is { } deadline && !IsHeld(_sequence) ? deadline : TimeSpan.MaxValue;

    public void Begin(TaskCompletionSource done, CancellationToken cancelled, TimeSpan now)
    {
        Debug.Assert(_sequence is null && !IsStarted, "The gate begins one start at a time, and none after one has succeeded.");
        if (session.IsFaulted)
        {
            done.TrySetException(session.Problem!);
            return;
        }
        _attempt++;
        _done = done;
        _cancelled = cancelled;
        _checked = _trusted = null;
        CheckProgress = 0;
        _sequence = new StartSequence(session.Torrent is not null, session.Front.SaveDirectory);
        _sequence.Begin(now);
        long attempt = _attempt;
        _cancellation = cancelled.UnsafeRegister(_ => session.Core.Post(new SessionCallMessage(session, (s, at) => s.Start.Cancel(attempt, at))), null);
        session.Arm(now);
    }

    /// <summary>The session was resumed: a start in flight goes on.</summary>
    public void Resumed(TimeSpan now) => _sequence?.Resumed(now);

    public void MetadataKnown(TimeSpan now) => _sequence?.MetadataKnown(now);

    public void StoreOpened(long attempt, ISessionStore store, PieceSet? trusted, TimeSpan now)
    {
        if (_sequence is null || attempt != _attempt || _sequence.Stage != StartStage.OpeningStorage)
        {
            session.Core.Edges.CloseStore(null, store, new StoreClosure(null, SessionEnd.Stop));
            return;
        }
        session.Store = store;
        _trusted = trusted;
        session.Selection.StoreOpened(store);
        _sequence.StorageOpened(needsCheck: trusted is null, now);
    }

    public void StoreFailed(long attempt, Exception error, TimeSpan now)
    {
        if (attempt == _attempt)
            _sequence?.Fail(error, now);
    }

    /// <summary>The check is over; also when it was stopped on the way, for the sequence knows which of the two it waits for.</summary>
    public void CheckEnded(ISessionStore store, PieceSet? have, Exception? error, TimeSpan now)
    {
        if (store != session.Store || _sequence is null)
            return;
        CheckProgress = 0;
        _checked = have;
        if (session.IsPaused)
            store.CloseHandles();
        if (_sequence.CheckStopped(now))
            return;
        if (have is not null)
        {
            _sequence.CheckFinished(now);
            return;
        }
        _sequence.Fail(error ?? new OperationCanceledException(), now);
        _sequence.CheckStopped(now); // Nobody tells a second time that it has ended.
    }

    public void StoreClosed(TimeSpan now) => _sequence?.StorageClosed(now);

    /// <summary>Fails the attempt in flight, if there is one.</summary>
    public void Fail(Exception error, TimeSpan now)
    {
        _sequence?.Fail(error, now);
        CarryOut(now);
    }

    public void Cancel(long attempt, TimeSpan now)
    {
        if (attempt == _attempt)
            _sequence?.Cancel(now);
        CarryOut(now);
    }

    public void Advance(TimeSpan now)
    {
        if (_sequence is { } sequence && !IsHeld(sequence))
            sequence.Advance(now);
        CarryOut(now);
    }

    /// <summary>Carries out the orders of the sequence. While the session is paused nothing new begins, but the way back goes on.</summary>
    private void CarryOut(TimeSpan now)
    {
        while (_sequence is { } sequence && !IsHeld(sequence) && sequence.TryTake(out StartOrder order))
            CarryOut(sequence, order, now);
    }

    private void CarryOut(StartSequence sequence, StartOrder order, TimeSpan now)
    {
        switch (order)
        {
            case StartOrder.FetchMetadata:
                session.Metadata.Begin();
                break;
            case StartOrder.StopMetadata:
                session.Metadata.Stop();
                break;
            case StartOrder.OpenStorage:
                session.OpenStore(_attempt, now);
                break;
            case StartOrder.CheckFiles:
                session.Store!.BeginCheck();
                break;
            case StartOrder.StopCheck:
                session.Store!.StopCheck();
                break;
            case StartOrder.ArmPicker:
                session.ArmPicker(_trusted ?? _checked!, now);
                sequence.Armed(now);
                break;
            case StartOrder.DisarmPicker:
                // Arming is one synchronous step of the owner: it is either not begun or over.
                break;
            case StartOrder.CloseStorage:
                CloseStore(now);
                break;
            case StartOrder.Finish:
                Finish(sequence, now);
                break;
        }
    }

    private bool IsHeld(StartSequence sequence)
        => session.IsPaused && sequence.Stage is not (StartStage.StoppingCheck or StartStage.ClosingStorage or StartStage.Failed or StartStage.Cancelled);

    /// <summary>Closes what this attempt opened. An opening that is still under way closes its store itself when it ends.</summary>
    private void CloseStore(TimeSpan now)
    {
        if (session.TakeStore() is { } store)
            session.Core.Edges.CloseStore(session, store, new StoreClosure(null, SessionEnd.Stop));
        else
            _sequence!.StorageClosed(now);
    }

    private void Finish(StartSequence sequence, TimeSpan now)
    {
        TaskCompletionSource done = _done!;
        _sequence = null;
        _done = null;
        _cancellation.Dispose();
        session.Selection.StartEnded(now);
        if (sequence.Error is { } error)
        {
            session.StartFailed(error, now);
            done.TrySetException(session.Problem!);
        }
        else if (sequence.Stage == StartStage.Cancelled)
        {
            done.TrySetCanceled(_cancelled);
        }
        else
        {
            IsStarted = true;
            session.Started(now);
            done.TrySetResult();
        }
    }
}
