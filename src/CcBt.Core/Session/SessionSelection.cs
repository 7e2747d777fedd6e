using CcBt.Core.Metainfo;
using CcBt.Core.Wire;

namespace CcBt.Core.Session;

/// <summary>Which files of a session are wanted, and so which pieces.</summary>
internal sealed class SessionSelection(SessionCore session)
{
    private readonly Queue<(Func<TorrentFile, bool> Filter, TaskCompletionSource Done)> _waiting = new();
    private TaskCompletionSource? _done;
    private bool[]? _wanted;
    private bool[]? _applying;
    private bool _isBegun;

    /// <summary>One flag a file, in the order of <see cref="Torrent.Files"/>; null until the metadata is known.</summary>
    public IReadOnlyList<bool>? Wanted => _wanted;

    /// <summary>A choice is on its way to the files; until it is there they must not be given their shape for another.</summary>
    public bool IsApplying => _applying is not null;

    /// <summary>The choice at the start: the saved one, else the magnet link's (BEP 53) and the user's filter.</summary>
    public IReadOnlyList<bool> WantedFiles(Torrent torrent)
    {
        if (_wanted is not null)
            return _wanted;
        IReadOnlyList<bool>? saved = session.Setup.Resume?.Wanted;
        if (saved?.Count == torrent.Files.Count)
            return _wanted = [.. saved];
        IReadOnlyList<Range> ranges = session.Setup.Magnet?.SelectedFiles ?? [];
        var wanted = new bool[torrent.Files.Count];
        for (int i = 0; i < wanted.Length; i++)
        {
            int index = torrent.Files[i].MetainfoIndex;
            wanted[i] = (ranges.Count == 0 || ranges.Any(r => index >= r.Start.Value && index < r.End.Value))
                && AsksFor(torrent.Files[i]);
        }
        return _wanted = wanted;
    }

    public PieceSet WantedPieces(Torrent torrent) => Pieces(torrent, WantedFiles(torrent));

    public void Choose(Func<TorrentFile, bool> filter, TaskCompletionSource done, TimeSpan now)
    {
        if (session.Torrent is not { } torrent)
        {
            done.TrySetException(new TorrentStateException(TorrentErrorCode.WrongState,
                "Files cannot be chosen before the metadata is known. Wait for it, or give a FileFilter when adding the torrent.", session.InfoHash.ToString(), isTransient: true));
            return;
        }
        if (_applying is not null)
        {
            // Whoever asked for it may have stopped waiting, so that the next one cannot be told to.
            _waiting.Enqueue((filter, done));
            return;
        }
        bool[] choice;
        try
        {
            choice = [.. torrent.Files.Select(filter)];
        }
        catch (Exception exception) when (done.TrySetException(exception))
        {
            return;
        }
        _done = done;
        _applying = choice;
        if (session.Store is { } store)
            StoreOpened(store);
        else if (session.Start.Stage != StartStage.OpeningStorage)
            Applied(null, now);
    }

    /// <summary>The files were opened with the choice of before; a newer one is put in force now.</summary>
    public void StoreOpened(ISessionStore store)
    {
        if (_applying is null || _isBegun)
            return;
        _isBegun = true;
        store.BeginSelect(_applying);
    }

    /// <summary>No files will be opened for the choice that waited for them: it counts when they are.</summary>
    public void StartEnded(TimeSpan now)
    {
        if (_applying is not null && !_isBegun)
            Applied(null, now);
    }

    /// <summary>The session is gone; whoever waits for a choice to be put in force learns it.</summary>
    public void Abandon()
    {
        _done?.TrySetException(SessionFront.Disposed());
        while (_waiting.TryDequeue(out (Func<TorrentFile, bool> Filter, TaskCompletionSource Done) next))
            next.Done.TrySetException(SessionFront.Disposed());
    }

    public void Applied(Exception? error, TimeSpan now)
    {
        if (_applying is not { } choice)
            return;
        _applying = null;
        _isBegun = false;
        if (error is null)
        {
            _wanted = choice;
            if (session.Start.IsStarted)
                session.Progress.SetWanted(Pieces(session.Torrent!, choice), now);
            session.Resume.Touch(now);
            session.PublishStatus(now);
            _done!.TrySetResult();
        }
        else
        {
            _done!.TrySetException(error);
            session.Progress.Completed();
        }
        _done = null;
        while (_applying is null && _waiting.TryDequeue(out (Func<TorrentFile, bool> Filter, TaskCompletionSource Done) next))
            Choose(next.Filter, next.Done, now);
    }

    private bool AsksFor(TorrentFile file)
    {
        try
        {
            return session.Options.FileFilter?.Invoke(file) ?? true;
        }
        catch (Exception exception) when (exception is not TorrentException)
        {
            throw new TorrentStateException(TorrentErrorCode.WrongState,
                $"{nameof(AddTorrentOptions.FileFilter)} threw {exception.GetType().Name}: {exception.Message} Mend it and add the torrent again.", file.Path, isTransient: false, exception);
        }
    }

    private static PieceSet Pieces(Torrent torrent, IReadOnlyList<bool> wanted)
    {
        var pieces = new PieceSet(torrent.PieceCount);
        for (int file = 0; file < wanted.Count; file++)
        {
            if (!wanted[file])
                continue;
            PieceRange range = torrent.Layout.PiecesOf(file);
            for (int piece = range.First; piece < range.End; piece++)
                pieces.Add(piece);
        }
        return pieces;
    }
}
