namespace CcBt.Core.Session;

/// <summary>Tells the observer, and keeps what it throws away from the gate: a broken log must not keep a download from starting.</summary>
internal sealed class StartGateReports(IStartGateObserver? observer)
{
    private Exception? _lastFault;

    /// <summary>The last exception that the gate was thrown by those it asks and tells, for a debugger; nothing depends on it.</summary>
    public Exception? LastFault => Volatile.Read(ref _lastFault);

    public void Begun(StartAttempt attempt) => Tell(attempt, static (to, of) => to.AttemptBegun(of.Id, of.Source));

    public void Succeeded(StartAttempt attempt) => Tell(attempt, static (to, of) => to.AttemptSucceeded(of.Id));

    public void Failed(StartAttempt attempt, Exception error, TimeSpan? retryIn) =>
        Tell((attempt, error, retryIn), static (to, of) => to.AttemptFailed(of.attempt.Id, of.error, of.retryIn));

    public void Cancelled(StartAttempt attempt, Exception? error) =>
        Tell((attempt, error), static (to, of) => to.AttemptCancelled(of.attempt.Id, of.error));

    public void Closed() => Tell(0, static (to, _) => to.Closed());

    public void Keep(Exception fault) => Volatile.Write(ref _lastFault, fault);

    private void Tell<T>(T of, Action<IStartGateObserver, T> report)
    {
        if (observer is null) return;
        try
        {
            report(observer, of);
        }
        catch (Exception fault)
        {
            Keep(fault); // The observer is the log; there is no other place to tell it to.
        }
    }
}
