using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Session;

/// <summary>
/// A <see cref="TorrentStorage"/> as the owner uses it: slow work runs on the thread pool, one kind at a time, and is answered by a message.
/// </summary>
internal sealed class SessionStore(SessionCore session, TorrentStorage storage, StateDirectory? state, IMailbox mailbox) : ISessionStore
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private CancellationTokenSource? _check;

    public IBlockSource Source => storage;

    public BlockPlace Place(in BlockAddress block, out IBlockDestination? destination)
    {
        destination = null;
        if (!storage.TryOpenPiece(block.Piece, out PieceAssembly assembly))
            return BlockPlace.NoRoom;
        if (assembly.IsReceived(block.Begin))
            return BlockPlace.Padding;
        if (!assembly.TryPrepare(block.Begin))
            return BlockPlace.NoRoom;
        destination = assembly;
        return BlockPlace.Ready;
    }

    public void ReleasePiece(int piece) => storage.ReleasePiece(piece);

    public void WantBlockHashes(int piece) => storage.WantBlockHashes(piece);

    public void BeginCheck()
    {
        _check = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        _ = CheckAsync(_check.Token);
    }

    public void StopCheck() => _check?.Cancel();

    public void BeginCheckFile(int file) => _ = CheckFileAsync(file);

    public void BeginSelect(IReadOnlyList<bool> wantedFiles)
        => _ = RunAsync(() => storage.SelectAsync(wantedFiles, _closing.Token), error => new StoreSelectedMessage(session, error));

    public void BeginSave(ResumeData resume)
        => _ = RunAsync(() => SaveAsync(resume), error => new StateSavedMessage(session, error));

    public void BeginFinish(IReadOnlyList<bool> wantedFiles)
        => _ = RunAsync(() => storage.FinishAsync(wantedFiles, _closing.Token), error => new StoreFlushedMessage(session, error));

    public void CloseHandles() => storage.CloseHandles();

    /// <summary>Saves and releases everything; what was begun before ends first.</summary>
    public async Task CloseAsync(StoreClosure closure)
    {
        StopCheck();
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (closure.Resume is { } resume && state is not null)
                await SaveAsync(resume).ConfigureAwait(false);
            if (closure.End.DeletesFiles)
                await storage.DeleteFilesAsync(CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            await _closing.CancelAsync().ConfigureAwait(false);
            await storage.DisposeAsync().ConfigureAwait(false);
            _turn.Release();
        }
    }

    private async Task SaveAsync(ResumeData resume)
    {
        StorageSnapshot snapshot = await storage.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        if (state is not null)
            await state.SaveAsync(resume with { Have = snapshot.Have.Bytes.ToArray(), Files = snapshot.Files, Parts = snapshot.Parts }, session.Front).ConfigureAwait(false);
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        PieceSet? have = null;
        Exception? error = null;
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            var progress = new CheckProgress(session, storage.Layout.PayloadLength, mailbox);
            have = (await storage.CheckAsync(progress, cancellationToken).ConfigureAwait(false)).GoodPieces;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whatever it is, the owner waits for an answer.
            error = exception;
        }
        finally
        {
            _turn.Release();
        }
        mailbox.Post(new CheckEndedMessage(session, this, have, error));
    }

    private async Task CheckFileAsync(int file)
    {
        PieceSet? good = null;
        await RunAsync(async () => good = await storage.CheckFileAsync(file, null, _closing.Token).ConfigureAwait(false),
            error => new FileCheckedMessage(session, storage.Verified, error)).ConfigureAwait(false);
    }

    private async Task RunAsync(Func<Task> work, Func<Exception?, ClientMessage> answer)
    {
        Exception? error = null;
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            error = exception;
        }
        finally
        {
            _turn.Release();
        }
        mailbox.Post(answer(error));
    }
}
