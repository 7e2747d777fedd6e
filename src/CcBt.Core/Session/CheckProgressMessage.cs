namespace CcBt.Core.Session;

/// <summary>How far the hash check is, from 0 to 1.</summary>
internal sealed class CheckProgressMessage(SessionCore session, double progress) : SessionMessage(session)
{
    protected override void Apply(SessionCore session, TimeSpan now) => session.Start.CheckProgress = progress;
}
