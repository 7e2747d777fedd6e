namespace CcBt.Core.Session;

/// <summary>Written data is on the disk, or could not be flushed.</summary>
internal sealed class StoreFlushedMessage(SessionCore session, Exception? error) : SessionMessage(session)
{
    protected override void Apply(SessionCore session, TimeSpan now) => session.Progress.Flushed(error, now);
}
