namespace CcBt.Core.Storage;

/// <summary>
/// Moves a torrent's files to another save directory: by renaming, or across volumes by copying. Whoever calls it has the store
/// alone. After a failure everything is where it was.
/// </summary>
internal sealed class FileMover(TorrentFiles files, string target)
{
    private readonly List<DiskPath> _sources = [];
    private readonly List<DiskPath> _targets = [];

    public void Move(CancellationToken ct)
    {
        string root = DiskPath.ForRoot(target).Root;
        if (root == DiskPath.ForRoot(files.Root).Root)
            return;
        Collect(root);
        files.CloseHandles();
        if (!TryRename())
        {
            Copy(ct);
            DeleteSources();
        }
        DirectoryRemover.RemoveEmpty(files.Disk, _sources);
        files.Root = root;
        foreach (DiskPath entry in _targets)
            files.Remember(entry);
    }

    private void Collect(string root)
    {
        for (int file = PartsFile.Index; file < files.Files.Count; file++)
        {
            if (!files.GetInfo(file).Exists)
                continue;
            DiskPath source = file == PartsFile.Index ? files.PartsPath : files.PathOf(file);
            DiskPath destination = DiskPath.Create(root, source.Relative);
            if (files.Disk.GetInfo(destination).Exists)
            {
                throw new TorrentStorageException(TorrentErrorCode.StorageFailure,
                    $"'{destination}' exists already; nothing was moved. Remove it or choose another directory.", destination.Full, isTransient: false);
            }
            _sources.Add(source);
            _targets.Add(destination);
        }
    }

    /// <summary>False when the directories are on different volumes; nothing has moved then.</summary>
    private bool TryRename()
    {
        int done = 0;
        try
        {
            for (; done < _sources.Count; done++)
                files.Disk.Rename(_sources[done], _targets[done]);
            return true;
        }
        catch (Exception error) when (StorageErrors.IsFileError(error))
        {
            while (--done >= 0)
                files.Disk.Rename(_targets[done], _sources[done]);
            DirectoryRemover.RemoveEmpty(files.Disk, _targets);
            if (StorageErrors.IsOtherVolume(error))
                return false;
            throw;
        }
    }

    private void Copy(CancellationToken ct)
    {
        int begun = 0;
        try
        {
            byte[] buffer = new byte[Limits.CheckReadBytes];
            while (begun < _sources.Count)
            {
                int index = begun++;
                CopyFile(_sources[index], _targets[index], buffer, ct);
            }
        }
        catch (Exception error) when (StorageErrors.IsFileError(error) || error is OperationCanceledException)
        {
            while (--begun >= 0)
                files.Disk.Delete(_targets[begun]);
            DirectoryRemover.RemoveEmpty(files.Disk, _targets);
            throw;
        }
    }

    private void CopyFile(in DiskPath source, in DiskPath destination, byte[] buffer, CancellationToken ct)
    {
        using IDiskFile from = files.Disk.Open(source, DiskAccess.Read);
        using IDiskFile to = files.Disk.Open(destination, DiskAccess.Write);
        long length = from.Info.Length;
        to.SetLength(length);
        // Holes stay holes, so a sparse file does not grow by being moved.
        for (long at = from.NextData(0); at < length; at = from.NextData(at))
        {
            ct.ThrowIfCancellationRequested();
            Span<byte> part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - at));
            int read = from.Read(part, at);
            if (read != part.Length)
                throw new EndOfStreamException($"'{source}' became shorter while it was copied.");
            to.Write(part, at);
            at += read;
        }
        to.Flush();
    }

    private void DeleteSources()
    {
        foreach (DiskPath source in _sources)
        {
            try
            {
                files.Disk.Delete(source);
            }
            catch (Exception error) when (StorageErrors.IsFileError(error))
            {
                // The copies are whole and in use; what cannot be deleted stays behind without harm.
            }
        }
    }
}
