namespace CcBt.Core.Storage;

/// <summary>
/// The open files of a client, least recently used ones closed first. Thread-safe. More than
/// <see cref="Capacity"/> are open only while that many are in use at the same instant.
/// </summary>
internal sealed class HandleCache(int capacity = Limits.OpenFiles) : IDisposable
{
    private readonly object _gate = new();
    private readonly Dictionary<HandleKey, CachedHandle> _entries = [];
    private CachedHandle? _newest;
    private CachedHandle? _oldest;
    private int _nextStore;

    public int Capacity { get; } = capacity;

    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    /// <summary>A number for a store's keys that no other store of this cache has.</summary>
    public int NewStore() => Interlocked.Increment(ref _nextStore);

    /// <summary>Lends the file, opening it when needed; throws what opening it throws.</summary>
    public HandleLease Rent(in HandleKey key, DiskAccess access, IHandleOpener opener)
    {
        CachedHandle entry = Find(key, access, out IDiskFile? replaced, out IDiskFile? evicted);
        replaced?.Dispose();
        evicted?.Dispose();
        try
        {
            entry.EnsureOpen(opener);
        }
        catch
        {
            Discard(entry);
            throw;
        }
        return new HandleLease(this, entry);
    }

    public void Release(CachedHandle entry)
    {
        IDiskFile? closing = null;
        lock (_gate)
        {
            entry.Users--;
            if (entry.Users == 0)
            {
                if (!entry.IsDetached && _entries.Count > Capacity)
                    Detach(entry);
                closing = entry.IsDetached ? entry.File : null;
            }
        }
        closing?.Dispose();
    }

    /// <summary>Closes one file of a store; when it is in use, as soon as it no longer is.</summary>
    public void Close(in HandleKey key)
    {
        IDiskFile? closing = null;
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out CachedHandle? entry))
                closing = Detach(entry);
        }
        closing?.Dispose();
    }

    /// <summary>Closes all files of a store; those in use as soon as they no longer are.</summary>
    public void CloseStore(int store)
    {
        var closing = new List<IDiskFile>();
        lock (_gate)
        {
            for (CachedHandle? entry = _newest; entry is not null;)
            {
                CachedHandle? next = entry.Older;
                if (entry.Key.Store == store && Detach(entry) is { } file)
                    closing.Add(file);
                entry = next;
            }
        }
        closing.ForEach(file => file.Dispose());
    }

    public void Dispose()
    {
        var closing = new List<IDiskFile>();
        lock (_gate)
        {
            while (_newest is { } entry)
            {
                if (Detach(entry) is { } file)
                    closing.Add(file);
            }
        }
        closing.ForEach(file => file.Dispose());
    }

    private CachedHandle Find(in HandleKey key, DiskAccess access, out IDiskFile? replaced, out IDiskFile? evicted)
    {
        replaced = evicted = null;
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out CachedHandle? entry))
            {
                if (entry.Access >= access)
                {
                    Unlink(entry);
                    LinkNewest(entry);
                    entry.Users++;
                    return entry;
                }
                replaced = Detach(entry);
            }
            if (_entries.Count >= Capacity)
                evicted = EvictOldest();
            entry = new CachedHandle(key, access) { Users = 1 };
            _entries.Add(key, entry);
            LinkNewest(entry);
            return entry;
        }
    }

    private IDiskFile? EvictOldest()
    {
        for (CachedHandle? entry = _oldest; entry is not null; entry = entry.Newer)
        {
            if (entry.Users == 0)
                return Detach(entry);
        }
        return null;
    }

    private void Discard(CachedHandle entry)
    {
        lock (_gate)
        {
            if (!entry.IsDetached)
                Detach(entry);
        }
        Release(entry);
    }

    /// <summary>Takes an entry out; returns its file when the caller must close it now.</summary>
    private IDiskFile? Detach(CachedHandle entry)
    {
        _entries.Remove(entry.Key);
        Unlink(entry);
        entry.IsDetached = true;
        return entry.Users == 0 ? entry.File : null;
    }

    private void LinkNewest(CachedHandle entry)
    {
        entry.Older = _newest;
        entry.Newer = null;
        if (_newest is not null)
            _newest.Newer = entry;
        _newest = entry;
        _oldest ??= entry;
    }

    private void Unlink(CachedHandle entry)
    {
        if (entry.Newer is not null)
            entry.Newer.Older = entry.Older;
        else
            _newest = entry.Older;
        if (entry.Older is not null)
            entry.Older.Newer = entry.Newer;
        else
            _oldest = entry.Newer;
        entry.Newer = entry.Older = null;
    }
}
