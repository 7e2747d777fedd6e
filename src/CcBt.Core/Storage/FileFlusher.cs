namespace CcBt.Core.Storage;

/// <summary>Makes what was written durable, and knows each file's length and write time since. One thread at a time.</summary>
internal sealed class FileFlusher(TorrentFiles files)
{
    private readonly DiskFileInfo[] _infos = new DiskFileInfo[files.Files.Count];
    private bool _isKnown;

    /// <summary>Flushes files first and the directories that name them last.</summary>
    public void Flush()
    {
        foreach (int file in files.Times.DirtyFiles())
            FlushFile(file);
        if (files.Parts.IsDirty)
            files.Parts.Flush();
        FlushDirectories();
    }

    /// <summary>The files as they were when they were flushed. What somebody else did meanwhile is not looked up, so that a later start sees it.</summary>
    public DiskFileInfo[] Infos()
    {
        if (!_isKnown)
        {
            for (int file = 0; file < _infos.Length; file++)
                _infos[file] = files.GetInfo(file);
            _isKnown = true;
        }
        return (DiskFileInfo[])_infos.Clone();
    }

    /// <summary>The files were moved, cut or deleted: they are looked at again.</summary>
    public void Forget()
    {
        _isKnown = false;
        for (int file = 0; file < _infos.Length; file++)
            files.Times.Forget(file);
    }

    private void FlushFile(int file)
    {
        files.Times.BeginFlush(file);
        bool isLost;
        try
        {
            using HandleLease lease = files.Rent(file, DiskAccess.Write);
            lease.File.Flush();
            _infos[file] = lease.File.Info;
            isLost = !files.IsUnderItsName(file, lease.File);
        }
        catch
        {
            files.Times.FlushFailed(file);
            throw;
        }
        files.Times.EndFlush(file, _infos[file].LastWriteTicks);
        if (isLost)
            files.Lose(file);
    }

    private void FlushDirectories()
    {
        DiskPath[] entries = files.TakeNewEntries();
        var directories = new HashSet<DiskPath>();
        foreach (DiskPath entry in entries)
        {
            for (DiskPath at = entry.Parent; directories.Add(at) && !at.IsRoot;)
                at = at.Parent;
        }
        try
        {
            foreach (DiskPath directory in directories)
                files.Disk.FlushDirectory(directory);
        }
        catch (Exception error) when (StorageErrors.IsFileError(error))
        {
            foreach (DiskPath entry in entries)
                files.Remember(entry);
            throw;
        }
    }
}
