namespace CcBt.Core.Session;

/// <summary>
/// Is told what becomes of each attempt, for logs and activities. The calls about one attempt, and those about one attempt and
/// the next, never overlap: each begun is followed by exactly one end before the next begun. They come on any thread.
/// What an observer throws is dropped.
/// </summary>
internal interface IStartGateObserver
{
    /// <summary>The attempt is about to run.</summary>
    void AttemptBegun(long attemptId, KnockSource source);

    /// <summary>The attempt was the one that succeeded.</summary>
    void AttemptSucceeded(long attemptId);

    /// <summary>The attempt failed.</summary>
    /// <param name="attemptId">The attempt.</param>
    /// <param name="error">What its waiters are about to see.</param>
    /// <param name="retryIn">The delay until the gate tries again by itself, or null where it does not.</param>
    void AttemptFailed(long attemptId, Exception error, TimeSpan? retryIn);

    /// <summary>The gate was closed while the attempt ran.</summary>
    /// <param name="attemptId">The attempt.</param>
    /// <param name="error">What the body threw on the way out, mostly its cancellation, or null where it ended without.</param>
    void AttemptCancelled(long attemptId, Exception? error);

    /// <summary>The gate is closed and no attempt runs any more.</summary>
    void Closed();
}
