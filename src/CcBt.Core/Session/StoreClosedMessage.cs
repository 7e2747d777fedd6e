namespace CcBt.Core.Session;

/// <summary>A session's files are closed, or could not be closed cleanly.</summary>
internal sealed class StoreClosedMessage(SessionCore session, Exception? error) : SessionMessage(session)
{
    protected override void Apply(SessionCore session, TimeSpan now) => session.StoreClosed(error, now);
}
