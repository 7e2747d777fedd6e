using CcBt.Core.Storage;

namespace CcBt.Core.Session;

/// <summary>The end of a session: over when its files are closed and its state saved, and trackers were told or had their time.</summary>
internal sealed class SessionClosing(SessionCore session, SessionEnd end, TimeSpan now)
{
    private Exception? _error;
    private bool _isStoreClosed;

    public TimeSpan Deadline { get; } = now + TimeSpan.FromSeconds(Limits.StopAnnounceSeconds);

    public void Begin(TimeSpan at)
    {
        ResumeData? resume = end.KeepsState ? session.Resume.Take(end) : null;
        session.Core.Edges.CloseStore(session, session.TakeStore(), new StoreClosure(resume, end));
    }

    public void StoreClosed(Exception? error)
    {
        _isStoreClosed = true;
        _error = error;
    }

    public void Advance(TimeSpan at)
    {
        if (_isStoreClosed && (session.Announcer.IsSilent || at >= Deadline))
            session.MarkReleased(_error);
    }
}
