using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Session;

/// <summary>Opens and closes the files of sessions, which share the client's write budget and file handles.</summary>
internal sealed class StoreOpener(IMailbox mailbox, StateDirectory? state) : IDisposable
{
    private readonly WriteBudget _budget = new();
    private readonly HandleCache _handles = new();

    public void Open(SessionCore session, StoreOrder order) => _ = OpenAsync(session, order);

    public void Close(SessionCore? session, SessionStore? store, StoreClosure closure) => _ = CloseAsync(session, store, closure);

    public void Save(SessionCore session, ResumeData resume) => _ = SaveAsync(session, resume);

    public void Dispose() => _handles.Dispose();

    private async Task OpenAsync(SessionCore session, StoreOrder order)
    {
        try
        {
            TorrentStorage storage = await TorrentStorage.OpenAsync(OptionsFor(session, order), CancellationToken.None).ConfigureAwait(false);
            PieceSet? trusted = await TrustAsync(storage, order).ConfigureAwait(false);
            var store = new SessionStore(session, storage, state, mailbox);
            if (!mailbox.Post(new StoreOpenedMessage(session, order.Attempt, store, trusted, CloseUnused)))
                await storage.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whatever it is, the start waits for an answer.
            mailbox.Post(new StoreFailedMessage(session, order.Attempt, exception));
        }
    }

    /// <summary>A store that was opened for a session that is gone.</summary>
    private void CloseUnused(ISessionStore store) => Close(null, (SessionStore)store, new StoreClosure(null, SessionEnd.Stop));

    private StorageOptions OptionsFor(SessionCore session, StoreOrder order) => new()
    {
        Directory = order.SaveDirectory,
        Name = session.InfoHash.ToString(),
        Layout = order.Torrent.Layout,
        Files = [.. order.Torrent.Files.Select(static f => new StoredFile(f.Path, f.Length))],
        Verifier = order.Torrent.CreateVerifier(),
        Budget = _budget,
        Handles = _handles,
        Wanted = order.WantedFiles,
        PieceEnded = verdict =>
        {
            // Called by a link, which rings when it has read all there was.
            if (!mailbox.PostLater(new PieceVerdictMessage(session, verdict)))
                verdict.Return();
        },
        BudgetFreed = () => mailbox.Post(new StoreRoomMessage(session)),
        FileSuspected = file => mailbox.Post(new FileSuspectedMessage(session, file)),
    };

    /// <summary>The pieces that need no check: those that saved state vouches for, or all where the user does. Null asks for a check.</summary>
    private static async Task<PieceSet?> TrustAsync(TorrentStorage storage, StoreOrder order)
    {
        if (order.Resume is { } resume && SavedSession.SnapshotOf(resume, order.Torrent) is { } snapshot)
        {
            PieceSet trusted = await storage.TrustAsync(snapshot, CancellationToken.None).ConfigureAwait(false);
            if (trusted.Count == snapshot.Have.Count)
                return trusted;
        }
        if (!order.TrustFiles)
            return null;
        PieceSet vouched = await storage.TrustAllAsync(CancellationToken.None).ConfigureAwait(false);
        return vouched.IsFull ? vouched : null;
    }

    private async Task DeleteUnopenedAsync(SessionCore session, StoreOrder files)
    {
        TorrentStorage storage = await TorrentStorage.OpenAsync(OptionsFor(session, files), CancellationToken.None).ConfigureAwait(false);
        await using (storage.ConfigureAwait(false))
            await storage.DeleteFilesAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private async Task SaveAsync(SessionCore session, ResumeData resume)
    {
        Exception? error = null;
        try
        {
            if (state is not null)
                await state.SaveAsync(resume, session.Front).ConfigureAwait(false);
        }
        catch (TorrentStorageException exception)
        {
            error = exception;
        }
        mailbox.Post(new StateSavedMessage(session, error));
    }

    private async Task CloseAsync(SessionCore? session, SessionStore? store, StoreClosure closure)
    {
        Exception? error = null;
        try
        {
            if (store is not null)
                await store.CloseAsync(closure).ConfigureAwait(false);
            else if (closure.Resume is { } resume && state is not null && session is not null)
                await state.SaveAsync(resume, session.Front).ConfigureAwait(false);
            if (store is null && session is not null && closure is { End.DeletesFiles: true, Files: { } files })
                await DeleteUnopenedAsync(session, files).ConfigureAwait(false);
            if (session is not null && !closure.End.KeepsState && state is not null)
                await state.DeleteAsync(session.Front).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            error = exception;
        }
        if (session is not null)
            mailbox.Post(new StoreClosedMessage(session, error));
    }
}
