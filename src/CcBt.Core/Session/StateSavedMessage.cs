namespace CcBt.Core.Session;

/// <summary>The session's state is saved, or could not be.</summary>
internal sealed class StateSavedMessage(SessionCore session, Exception? error) : SessionMessage(session)
{
    protected override void Apply(SessionCore session, TimeSpan now) => session.Resume.Saved(error, now);
}
