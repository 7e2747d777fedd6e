namespace CcBt.Core.Storage;

/// <summary>
/// A directory of state files, each known by a name such as <c>sessions/abc</c>. A lock file keeps a second client out. Thread-safe; whatever
/// touches the disk runs on the thread pool or says so.
/// </summary>
internal sealed class StateFolder(string directory, IDisk disk) : IDisposable
{
    private const string Extension = ".state";

    private readonly string _root = Path.GetFullPath(directory);
    private readonly StateQueue _queue = new();
    private FileStream? _lock;

    public string Root => _root;

    /// <summary>Creates the directory with these directories below it, and locks it. Touches the disk.</summary>
    /// <exception cref="TorrentStorageException">The directory cannot be used, or another client uses it.</exception>
    public void Open(params ReadOnlySpan<string> below)
    {
        string place = Path.Combine(_root, "lock");
        try
        {
            Directory.CreateDirectory(_root);
            foreach (string name in below)
                Directory.CreateDirectory(Path.Combine(_root, name));
            _lock = new FileStream(place, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TorrentStorageException(
                exception is UnauthorizedAccessException ? TorrentErrorCode.AccessDenied : TorrentErrorCode.StorageFailure,
                $"The state directory cannot be used: {exception.Message} Choose another StateDirectory, or close the client that uses it.",
                place, isTransient: false, exception);
        }
    }

    /// <summary>The names of the state files in a directory below, in ordinal order. Touches the disk.</summary>
    public IReadOnlyList<string> Names(string below)
        => [.. Directory.EnumerateFiles(Path.Combine(_root, below), "*" + Extension)
            .Select(path => $"{below}/{Path.GetFileNameWithoutExtension(path)}").Order(StringComparer.Ordinal)];

    /// <summary>Loads a state. Throws for nothing that is on the disk, and touches it at once: for before anything is saved.</summary>
    public StateLoad Load(string name) => FileOf(name).Load();

    /// <summary>Loads a state behind what was asked for before.</summary>
    public async Task<StateLoad> LoadAsync(string name, CancellationToken cancellationToken)
    {
        StateLoad? load = null;
        StateFile file = FileOf(name);
        await _queue.RunAsync(file, () => load = file.Load()).WaitAsync(cancellationToken).ConfigureAwait(false);
        return load!;
    }

    /// <summary>Saves a state, if it still should when its turn has come. When the task ends it is durable.</summary>
    /// <exception cref="TorrentStorageException">The state could not be saved; what was saved before is still there.</exception>
    public Task SaveAsync(string name, byte[] payload, Func<bool>? should = null)
    {
        StateFile file = FileOf(name);
        return _queue.SaveAsync(file, () =>
        {
            bool does = should?.Invoke() ?? true;
            if (does)
                file.Write(payload);
            return does;
        });
    }

    /// <summary>Deletes a state, if it still should when its turn has come.</summary>
    /// <exception cref="TorrentStorageException">A copy could not be deleted.</exception>
    public Task DeleteAsync(string name, Func<bool> should)
    {
        StateFile file = FileOf(name);
        return _queue.RunAsync(file, () =>
        {
            if (should())
                file.Delete();
        });
    }

    public void Dispose() => _lock?.Dispose();

    private StateFile FileOf(string name) => new(disk, DiskPath.Create(_root, name + Extension));
}
