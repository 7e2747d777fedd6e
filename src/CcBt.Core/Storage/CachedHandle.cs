namespace CcBt.Core.Storage;

/// <summary>An entry of the <see cref="HandleCache"/>. All but <see cref="File"/> belongs to the cache's lock.</summary>
internal sealed class CachedHandle(HandleKey key, DiskAccess access)
{
    private readonly object _opening = new();

    public HandleKey Key { get; } = key;

    public DiskAccess Access { get; } = access;

    /// <summary>Set once, before the first lease on it is given out.</summary>
    public IDiskFile? File { get; private set; }

    public int Users { get; set; }

    /// <summary>Out of the cache: closed as soon as nobody uses it.</summary>
    public bool IsDetached { get; set; }

    public CachedHandle? Newer { get; set; }

    public CachedHandle? Older { get; set; }

    public void EnsureOpen(IHandleOpener opener)
    {
        if (File is not null)
            return;
        lock (_opening)
            File ??= opener.OpenFile(Key.File, Access);
    }
}
