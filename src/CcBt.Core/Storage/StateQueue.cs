namespace CcBt.Core.Storage;

/// <summary>
/// Works on state files in the order in which that was asked for, on the thread pool. Saves of different files that wait together are written at the same
/// time, so that the system joins their flushes, and share that of their directory; all else has the files to itself. Thread-safe.
/// </summary>
/// <param name="threads">How many files are written at once.</param>
internal sealed class StateQueue(int threads = Limits.StateSaveThreads)
{
    private readonly ParallelOptions _atOnce = new() { MaxDegreeOfParallelism = threads };
    private readonly object _gate = new();
    private readonly Queue<StateWork> _waiting = [];
    private bool _isRunning;

    /// <summary>Saves a file: <paramref name="write"/> writes it, or says that there is nothing to do. The task ends when it is durable.</summary>
    /// <exception cref="TorrentStorageException">The file could not be saved.</exception>
    public Task SaveAsync(StateFile file, Func<bool> write) => AddAsync(new StateWork(file, write, MayShare: true));

    /// <summary>Does something else with a file.</summary>
    public Task RunAsync(StateFile file, Action action) => AddAsync(new StateWork(file, () =>
    {
        action();
        return false;
    }, MayShare: false));

    private Task AddAsync(StateWork work)
    {
        lock (_gate)
        {
            _waiting.Enqueue(work);
            if (_isRunning)
                return work.Done.Task;
            _isRunning = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(static queue => queue.Run(), this, preferLocal: false);
        return work.Done.Task;
    }

    private void Run()
    {
        while (Take() is { } together)
        {
            var written = new bool[together.Count];
            if (together.Count == 1)
                written[0] = TryRun(together[0]);
            else
                Parallel.For(0, together.Count, _atOnce, i => written[i] = TryRun(together[i]));
            foreach (IGrouping<DiskPath, StateWork> directory in together.Where((_, i) => written[i]).GroupBy(static w => w.File.Path.Parent))
                Flush([.. directory]);
        }
    }

    /// <summary>The next work, with all that may be done together with it; null when there is none.</summary>
    private List<StateWork>? Take()
    {
        var together = new List<StateWork>();
        var files = new HashSet<DiskPath>();
        lock (_gate)
        {
            while (together.Count < Limits.StateSavesTogether && _waiting.TryPeek(out StateWork? next))
            {
                bool fits = together.Count == 0 || (next.MayShare && together[0].MayShare && !files.Contains(next.File.Path));
                if (!fits)
                    break;
                files.Add(next.File.Path);
                together.Add(_waiting.Dequeue());
            }
            _isRunning = together.Count > 0;
        }
        return together.Count > 0 ? together : null;
    }

    /// <summary>True when the directory has to be flushed; otherwise it is done, or has failed.</summary>
    private static bool TryRun(StateWork work)
    {
        try
        {
            if (work.Run())
                return true;
            work.Done.TrySetResult();
        }
        catch (Exception error)
        {
            // Whatever it is, the caller waits for it, and others for their turn.
            work.Done.TrySetException(error);
        }
        return false;
    }

    private static void Flush(StateWork[] ofDirectory)
    {
        try
        {
            ofDirectory[0].File.FlushDirectory();
            foreach (StateWork work in ofDirectory)
                work.Done.TrySetResult();
        }
        catch (TorrentStorageException error)
        {
            foreach (StateWork work in ofDirectory)
                work.Done.TrySetException(error);
        }
    }
}
