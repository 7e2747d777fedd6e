namespace CcBt.Core.Session;

/// <summary>
/// The stages of one attempt to start a session, driven by the owner: inputs say what has happened, orders what to do next.
/// A failure or a cancellation takes back what was done, in reverse. One sequence is one attempt. Owned, not thread-safe.
/// </summary>
/// <remarks>
/// Every input returns whether it was awaited. One that was not (the same metadata from a second peer, the answer of a call that was given
/// up) changes nothing, so that no stage is entered twice and no order given twice. The first reason to end is the one that counts.
/// </remarks>
/// <param name="metadataKnown">Whether the metadata is there from the beginning.</param>
/// <param name="place">The save directory, for the error of a call that hangs.</param>
internal sealed class StartSequence(bool metadataKnown, string place)
{
    private static readonly TimeSpan s_callBound = TimeSpan.FromSeconds(Limits.StartCallSeconds);
    private static readonly TimeSpan s_unwindBound = TimeSpan.FromSeconds(Limits.StartUnwindSeconds);

    private readonly Queue<StartOrder> _orders = new(4);
    private StartStage _outcome = StartStage.Done;

    public StartStage Stage { get; private set; }

    /// <summary>Why it failed, from the moment it does.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Whether <see cref="StartOrder.Finish"/> has been given.</summary>
    public bool IsOver => Stage is StartStage.Done or StartStage.Failed or StartStage.Cancelled;

    /// <summary>When <see cref="Advance"/> has to be called, or null where nothing is bounded: waiting for metadata, and checking.</summary>
    public TimeSpan? NextDeadline { get; private set; }

    public bool TryTake(out StartOrder order) => _orders.TryDequeue(out order);

    public bool Begin(TimeSpan now) =>
        Move(StartStage.NotBegun, metadataKnown ? StartStage.OpeningStorage : StartStage.WaitingForMetadata, now);

    public bool MetadataKnown(TimeSpan now) => Move(StartStage.WaitingForMetadata, StartStage.OpeningStorage, now);

    /// <param name="needsCheck">Whether the files hold something that no trusted state vouches for.</param>
    /// <param name="now">The time since the client opened.</param>
    public bool StorageOpened(bool needsCheck, TimeSpan now) =>
        Move(StartStage.OpeningStorage, needsCheck ? StartStage.Checking : StartStage.Arming, now);

    public bool CheckFinished(TimeSpan now) => Move(StartStage.Checking, StartStage.Arming, now);

    public bool Armed(TimeSpan now) => Move(StartStage.Arming, StartStage.Done, now);

    public bool CheckStopped(TimeSpan now) => Move(StartStage.StoppingCheck, StartStage.ClosingStorage, now);

    public bool StorageClosed(TimeSpan now) => Move(StartStage.ClosingStorage, _outcome, now);

    /// <summary>Ends the attempt with an error, unless it is over or on the way back.</summary>
    public bool Fail(Exception error, TimeSpan now)
    {
        if (!TakeBack(StartStage.Failed, now)) return false;
        Error = error;
        return true;
    }

    /// <summary>Ends the attempt because it is no longer wanted, unless it is over or on the way back.</summary>
    public bool Cancel(TimeSpan now) => TakeBack(StartStage.Cancelled, now);

    /// <summary>Goes on after a pause, in which nothing was ordered: the bound of a call counts from here.</summary>
    public void Resumed(TimeSpan now)
    {
        if (Stage is StartStage.OpeningStorage or StartStage.Arming) NextDeadline = now + s_callBound;
    }

    /// <summary>Fails a call that has not answered in time; on the way back, goes on without the answer.</summary>
    public void Advance(TimeSpan now)
    {
        while (NextDeadline is { } deadline && deadline <= now)
        {
            if (Stage == StartStage.StoppingCheck) CheckStopped(now);
            else if (Stage == StartStage.ClosingStorage) StorageClosed(now);
            else Fail(TimedOut(), now);
        }
    }

    private TorrentStorageException TimedOut() => new(
        TorrentErrorCode.TimedOut,
        Stage == StartStage.OpeningStorage
            ? $"Opening the files did not end within {Limits.StartCallSeconds} s: see whether the disk answers. It is tried again."
            : $"Preparing the download did not end within {Limits.StartCallSeconds} s. It is tried again.",
        place,
        isTransient: true);

    private bool TakeBack(StartStage outcome, TimeSpan now)
    {
        StartStage stage = Stage;
        if (stage is not (StartStage.NotBegun or StartStage.WaitingForMetadata or StartStage.OpeningStorage or StartStage.Checking or StartStage.Arming))
        {
            return false;
        }

        _outcome = outcome;
        NextDeadline = now + s_unwindBound; // One bound for all of the way back.
        if (stage == StartStage.WaitingForMetadata) _orders.Enqueue(StartOrder.StopMetadata);
        if (stage == StartStage.Arming) _orders.Enqueue(StartOrder.DisarmPicker);
        StartStage next = stage switch
        {
            StartStage.NotBegun or StartStage.WaitingForMetadata => outcome,
            StartStage.Checking => StartStage.StoppingCheck,
            _ => StartStage.ClosingStorage,
        };
        return Move(stage, next, now);
    }

    private bool Move(StartStage from, StartStage to, TimeSpan now)
    {
        if (Stage != from) return false;
        Stage = to;
        NextDeadline = to switch
        {
            StartStage.OpeningStorage or StartStage.Arming => now + s_callBound,
            StartStage.StoppingCheck or StartStage.ClosingStorage => NextDeadline,
            _ => null,
        };
        _orders.Enqueue(to switch
        {
            StartStage.WaitingForMetadata => StartOrder.FetchMetadata,
            StartStage.OpeningStorage => StartOrder.OpenStorage,
            StartStage.Checking => StartOrder.CheckFiles,
            StartStage.Arming => StartOrder.ArmPicker,
            StartStage.StoppingCheck => StartOrder.StopCheck,
            StartStage.ClosingStorage => StartOrder.CloseStorage,
            _ => StartOrder.Finish,
        });
        return true;
    }
}
