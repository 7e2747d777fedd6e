using CcBt.Core.Metainfo;

namespace CcBt.Core.Storage;

/// <summary>
/// What is done to a store as a whole: flush, select, finish, delete, move. All but flushing needs the store alone; one
/// of them runs at a time. File errors come out as <see cref="TorrentStorageException"/>.
/// </summary>
internal sealed class StorageUpkeep(TorrentFiles files, IPieceVerifier verifier, StorageGate gate, bool isReadOnly)
{
    private readonly FileFlusher _flusher = new(files);
    private readonly object _oneAtATime = new();

    /// <summary>Flushes everything and returns the files as they are on the medium, and the parts file.</summary>
    public (DiskFileInfo[] Files, DiskFileInfo Parts) Flush() => Guard(() =>
    {
        if (!gate.TryEnterShared(Limits.PieceWriteWait))
            throw Busy();
        try
        {
            lock (_oneAtATime)
            {
                _flusher.Flush();
                return (_flusher.Infos(), files.GetInfo(PartsFile.Index));
            }
        }
        finally
        {
            gate.ExitShared();
        }
    });

    public void Select(IReadOnlyList<bool>? wanted) => Alone(() => new FileRouter(files, verifier, isReadOnly).Apply(wanted));

    /// <summary>Gives the selected files their final length and creates those that are empty.</summary>
    public void Finish(IReadOnlyList<bool>? wanted) => Alone(() =>
    {
        for (int file = 0; file < files.Files.Count; file++)
        {
            if (wanted is null || wanted[file])
                FixLength(file);
        }
        new FileRouter(files, verifier, isReadOnly).Apply(wanted);
    });

    /// <summary>Deletes the torrent's files and the directories that are empty then; nothing else.</summary>
    public void Delete() => Alone(() =>
    {
        files.CloseHandles();
        var paths = new List<DiskPath> { files.PartsPath };
        for (int file = 0; file < files.Files.Count; file++)
            paths.Add(files.PathOf(file));
        paths.ForEach(path => files.Disk.Delete(path));
        DirectoryRemover.RemoveEmpty(files.Disk, paths);
        files.Parts.Clear();
        _flusher.Forget();
    });

    public void Move(string directory, CancellationToken ct) => Alone(() =>
    {
        new FileMover(files, directory).Move(ct);
        _flusher.Forget();
    });

    private void FixLength(int file)
    {
        DiskFileInfo info = files.GetInfo(file);
        if (info.Length < files.Files[file].Length)
            files.Lose(file, info.Exists ? info.Length : 0);
        if (!info.Exists || info.Length == files.Files[file].Length)
            return;
        using (IDiskFile opened = files.Disk.Open(files.PathOf(file), DiskAccess.Write))
            opened.SetLength(files.Files[file].Length);
        _flusher.Forget();
    }

    private void Alone(Action action) => Guard(() =>
    {
        if (!gate.TryEnterAlone(Limits.PieceWriteWait))
            throw Busy();
        try
        {
            lock (_oneAtATime)
                action();
            return true;
        }
        finally
        {
            gate.ExitAlone();
        }
    });

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (StorageErrors.IsFileError(error))
        {
            throw StorageErrors.From(error, files.Root);
        }
    }

    private TorrentStorageException Busy()
        => new(gate.IsClosed ? TorrentErrorCode.WrongState : TorrentErrorCode.TimedOut,
            gate.IsClosed ? "The store is closed." : "The files are in use by another operation; try again later.", files.Root, isTransient: !gate.IsClosed);
}
