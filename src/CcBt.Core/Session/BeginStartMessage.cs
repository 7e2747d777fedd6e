namespace CcBt.Core.Session;

/// <summary>The gate begins an attempt; <paramref name="done"/> is completed by the owner when the start has succeeded or failed.</summary>
internal sealed class BeginStartMessage(SessionCore session, TaskCompletionSource done, CancellationToken cancelled) : SessionMessage(session)
{
    protected override void Apply(SessionCore session, TimeSpan now) => session.Start.Begin(done, cancelled, now);

    protected override void Discard() => done.TrySetCanceled(cancelled);
}
