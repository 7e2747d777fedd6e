namespace CcBt.Core.Session;

/// <summary>Opening or checking the files failed.</summary>
internal sealed class StoreFailedMessage(SessionCore session, long attempt, Exception error) : SessionMessage(session)
{
    protected override void Apply(SessionCore session, TimeSpan now) => session.Start.StoreFailed(attempt, error, now);
}
