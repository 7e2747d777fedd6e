namespace CcBt.Core.Storage;

/// <summary>An open file on loan; disposing it gives it back once.</summary>
internal readonly struct HandleLease(HandleCache cache, CachedHandle handle) : IDisposable
{
    public IDiskFile File => handle.File!;

    public void Dispose() => cache.Release(handle);
}
