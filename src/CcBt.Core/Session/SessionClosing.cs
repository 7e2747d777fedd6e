using CcBt.Core.Storage;

namespace CcBt.Core.Session;

/// <summary>The end of a session: over when its files are closed and its state saved, and trackers were told or had their time.</summary>
internal sealed class SessionClosing(SessionCore session, SessionEnd end, TimeSpan now)
{
    private readonly TimeSpan _deadline = now + TimeSpan.FromSeconds(Limits.CloseSeconds);
    private Exception? _error;
    private bool _isStoreClosed;

    /// <summary>The files are being closed for good, and state is saved or deleted.</summary>
    public bool IsClosingStore { get; private set; }

    public TimeSpan NextDeadline { get; private set; } = now + TimeSpan.FromSeconds(Limits.CloseSeconds);

    public void StoreClosed(Exception? error)
    {
        _isStoreClosed = true;
        _error = error;
    }

    public void Advance(TimeSpan at)
    {
        // A save that is under way would otherwise land behind the last one, or behind the deletion.
        if (!IsClosingStore && (!session.Resume.IsSaving || at >= _deadline))
            CloseStore();
        bool isLate = at >= _deadline;
        if (isLate)
            NextDeadline = TimeSpan.MaxValue;
        if (_isStoreClosed ? session.Announcer.IsSilent || isLate : isLate && end.KeepsState)
            Release();
    }

    /// <summary>Ends it now. Who removed the session learns that not all may be deleted.</summary>
    public void GiveUp()
    {
        if (!_isStoreClosed && !end.KeepsState)
        {
            _error = new TorrentStorageException(
                TorrentErrorCode.TimedOut, "The client was disposed before the disk had deleted everything of the torrent. What is left of its files can be deleted by hand.",
                session.Options.SaveDirectory, isTransient: false);
        }
        Release();
    }

    private void Release()
    {
        if (!_isStoreClosed)
        {
            session.Front.IsAbandoned = true;
            ClientLog.ClosingGivenUp(session.Logger, Limits.CloseSeconds, session.InfoHash.ToString());
        }
        session.MarkReleased(_error);
    }

    private void CloseStore()
    {
        IsClosingStore = true;
        ResumeData? resume = end.KeepsState ? session.Resume.Take(end) : null;
        session.Core.Edges.CloseStore(session, session.TakeStore(), new StoreClosure(resume, end, end.DeletesFiles ? session.FilesToDelete() : null));
    }
}
