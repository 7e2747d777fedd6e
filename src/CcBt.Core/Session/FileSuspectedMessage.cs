namespace CcBt.Core.Session;

/// <summary>A file could not be read as it should, or was changed by somebody else.</summary>
internal sealed class FileSuspectedMessage(SessionCore session, int file) : SessionMessage(session)
{
    protected override void Apply(SessionCore session, TimeSpan now) => session.Store?.BeginCheckFile(file);
}
