namespace CcBt.Core.Session;

/// <summary>A call for one session, carried to the owner. When the session is gone already, <paramref name="discarded"/> runs instead.</summary>
internal sealed class SessionCallMessage(SessionCore session, Action<SessionCore, TimeSpan> call, Action? discarded = null) : SessionMessage(session)
{
    protected override void Apply(SessionCore session, TimeSpan now) => call(session, now);

    protected override void Discard() => discarded?.Invoke();
}
