namespace CcBt.Core.Storage;

/// <summary>
/// Notices that somebody else has changed a file: the write time of a file that this store has flushed, and not written
/// since, must stay what it was. Thread-safe.
/// </summary>
internal sealed class FileTimes(int fileCount)
{
    private const int Unknown = 0;

    private readonly object _gate = new();
    private readonly long[] _ticks = new long[fileCount];
    private readonly int[] _writers = new int[fileCount];
    private readonly bool[] _isDirty = new bool[fileCount];
    private readonly int[] _losses = new int[fileCount];
    private readonly int[] _reads = new int[fileCount];

    public void BeginWrite(int file)
    {
        lock (_gate)
        {
            _writers[file]++;
            _isDirty[file] = true;
            Volatile.Write(ref _ticks[file], Unknown);
        }
    }

    public void EndWrite(int file)
    {
        lock (_gate)
            _writers[file]--;
    }

    public bool IsDirty(int file)
    {
        lock (_gate)
            return _isDirty[file];
    }

    /// <summary>How often what was in the file turned out to be gone.</summary>
    public int LossesOf(int file) => Volatile.Read(ref _losses[file]);

    public void Lost(int file) => Interlocked.Increment(ref _losses[file]);

    /// <summary>Counts a read; true for one of so many.</summary>
    public bool IsOneOf(int many, int file) => (uint)Interlocked.Increment(ref _reads[file]) % (uint)many == 0;

    /// <summary>Files that were written since they were last flushed.</summary>
    public List<int> DirtyFiles()
    {
        var files = new List<int>();
        lock (_gate)
        {
            for (int i = 0; i < fileCount; i++)
            {
                if (_isDirty[i])
                    files.Add(i);
            }
        }
        return files;
    }

    /// <summary>Call before flushing a file; a write that begins from now on makes it dirty again.</summary>
    public void BeginFlush(int file)
    {
        lock (_gate)
            _isDirty[file] = _writers[file] > 0;
    }

    public void EndFlush(int file, long lastWriteTicks)
    {
        lock (_gate)
        {
            if (!_isDirty[file])
                Volatile.Write(ref _ticks[file], lastWriteTicks);
        }
    }

    public void FlushFailed(int file)
    {
        lock (_gate)
            _isDirty[file] = true;
    }

    /// <summary>Believes the file as it is now, after its content was checked or was renamed.</summary>
    public void Forget(int file)
    {
        lock (_gate)
            Volatile.Write(ref _ticks[file], Unknown);
    }

    public void Believe(int file, long lastWriteTicks)
    {
        lock (_gate)
        {
            if (!_isDirty[file])
                Volatile.Write(ref _ticks[file], lastWriteTicks);
        }
    }

    /// <summary>False when the file has another write time than when this store last flushed, checked or read it.</summary>
    public bool IsUnchanged(int file, IDiskFile handle)
    {
        if (handle.Info.LastWriteTicks == Volatile.Read(ref _ticks[file]))
            return true;
        lock (_gate)
        {
            // Own writes move the time until the file is flushed.
            if (_isDirty[file])
                return true;
            long now = handle.Info.LastWriteTicks;
            if (_ticks[file] == Unknown)
                _ticks[file] = now;
            return _ticks[file] == now;
        }
    }
}
