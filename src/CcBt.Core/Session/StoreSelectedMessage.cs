namespace CcBt.Core.Session;

/// <summary>A choice of files is in force, or data could not be moved for it.</summary>
internal sealed class StoreSelectedMessage(SessionCore session, Exception? error) : SessionMessage(session)
{
    protected override void Apply(SessionCore session, TimeSpan now) => session.Selection.Applied(error, now);
}
