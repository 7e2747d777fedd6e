using CcBt.Core.Metainfo;
using CcBt.Core.Wire;

namespace CcBt.Core.Storage;

/// <summary>
/// The payload of one torrent on disk. Every member may be called by any thread. Pieces go in through assemblies that connections
/// write to, and come out as blocks once they are verified. Long work runs on the thread pool.
/// </summary>
internal sealed class TorrentStorage : IBlockSource, IPieceShelf, IAsyncDisposable
{
    private readonly StorageOptions _options;
    private readonly TorrentFiles _files;
    private readonly PieceTable _table;
    private readonly PieceBits _verified;
    private readonly StorageGate _gate = new();
    private readonly StorageUpkeep _upkeep;
    private readonly HashSet<int> _suspected = [];
    private int _isStarved;

    private TorrentStorage(StorageOptions options)
    {
        _options = options;
        _files = new TorrentFiles(options) { Shortened = OnShortened };
        _upkeep = new StorageUpkeep(_files, options.Verifier, _gate, options.IsReadOnly);
        _table = new PieceTable(options.Layout, options.Verifier, options.Budget, this);
        _verified = new PieceBits(options.Layout.PieceCount);
        options.Budget.Freed += OnBudgetFreed;
    }

    public FileLayout Layout => _options.Layout;

    /// <summary>The save directory.</summary>
    public string Directory => _files.Root;

    /// <summary>A copy of the pieces that are verified and may be served.</summary>
    public PieceSet Verified => _verified.ToPieceSet();

    /// <summary>Pieces in flight.</summary>
    public int OpenPieces => _table.OpenCount;

    /// <exception cref="TorrentStorageException">A path is refused or the directory cannot be used.</exception>
    public static Task<TorrentStorage> OpenAsync(StorageOptions options, CancellationToken ct)
        => Task.Run(async () =>
        {
            var storage = new TorrentStorage(options);
            try
            {
                storage.Prepare();
                return storage;
            }
            catch (Exception error)
            {
                await storage.DisposeAsync().ConfigureAwait(false);
                throw StorageErrors.IsFileError(error) ? StorageErrors.From(error, options.Directory) : error;
            }
        }, ct);

    /// <summary>Begins a piece, or finds the one in flight. False when the client's write budget is used up.</summary>
    public bool TryOpenPiece(int piece, out PieceAssembly assembly)
    {
        if (_table.TryOpen(piece, out assembly))
            return true;
        Volatile.Write(ref _isStarved, 1);
        return false;
    }

    /// <summary>Gives up a piece that is not whole.</summary>
    public void ReleasePiece(int piece) => _table.Release(piece);

    /// <summary>Asks for the SHA-1 of each block in the coming verdicts on a piece, until it is good.</summary>
    public void WantBlockHashes(int piece) => _table.WantDigests(piece);

    public bool Has(int piece) => _verified[piece];

    public bool TryRead(in BlockAddress block, Span<byte> destination)
    {
        if (!_verified[block.Piece] || block.Begin < 0 || block.Length <= 0 || destination.Length < block.Length
            || block.Begin > Layout.PieceSize(block.Piece) - block.Length || !_gate.TryEnterShared(Limits.UploadReadWait))
            return false;
        int failed = PartsFile.Index;
        try
        {
            if (_files.TryRead(block.Piece, block.Begin, destination[..block.Length], isGuarded: true, out failed))
                return true;
        }
        catch (Exception error) when (StorageErrors.IsFileError(error))
        {
            // The file is named by what was read last; the piece is unverified either way.
        }
        finally
        {
            _gate.ExitShared();
        }
        Suspect(block.Piece, failed);
        return false;
    }

    /// <summary>Hashes everything on disk. The verified pieces are then the good ones.</summary>
    public async Task<CheckResult> CheckAsync(IProgress<long>? progress, CancellationToken ct)
    {
        PieceSet good = await CheckPiecesAsync(new PieceRange(0, Layout.PieceCount), progress, ct).ConfigureAwait(false);
        FileState[] states = await Task.Run(() => new FileStates(_files, good).Read(), ct).ConfigureAwait(false);
        return new CheckResult(good, states);
    }

    /// <summary>Hashes the pieces of one file and returns those that are good; <see cref="PartsFile.Index"/> stands for all pieces of the torrent.</summary>
    public Task<PieceSet> CheckFileAsync(int file, IProgress<long>? progress, CancellationToken ct)
        => CheckPiecesAsync(file == PartsFile.Index ? new PieceRange(0, Layout.PieceCount) : Layout.PiecesOf(file), progress, ct);

    /// <summary>
    /// Believes saved pieces whose files are as they were saved, as far as that can be told without hashing them all. Returns those;
    /// when they are fewer than were saved, a check is needed.
    /// </summary>
    public Task<PieceSet> TrustAsync(StorageSnapshot saved, CancellationToken ct) => Task.Run(() =>
    {
        PieceSet trusted;
        if (!_gate.TryEnterShared(Limits.PieceWriteWait))
            return new PieceSet(Layout.PieceCount);
        try
        {
            trusted = new TrustCheck(_files, _options.Verifier, saved).Run(ct);
        }
        catch (Exception error) when (StorageErrors.IsFileError(error))
        {
            return new PieceSet(Layout.PieceCount);
        }
        finally
        {
            _gate.ExitShared();
        }
        for (int piece = 0; piece < trusted.PieceCount; piece++)
        {
            if (trusted[piece])
                _verified.Set(piece, true);
        }
        return trusted;
    }, ct);

    /// <summary>
    /// Believes every piece whose files exist in their right length, for a user who vouches for them. When the returned pieces are not all
    /// of them, the rest wants a check.
    /// </summary>
    public Task<PieceSet> TrustAllAsync(CancellationToken ct)
    {
        var all = new PieceSet(Layout.PieceCount);
        all.Fill();
        DiskFileInfo[] files = [.. _files.Files.Select((file, index) => _files.GetInfo(index) is var info && info.Length == file.Length ? info : DiskFileInfo.Missing)];
        return TrustAsync(new StorageSnapshot(all, files, _files.GetInfo(PartsFile.Index)), ct);
    }

    /// <summary>Closes the open files; they open again at the next access.</summary>
    public void CloseHandles() => _files.CloseHandles();

    /// <summary>Makes all that is written durable; what it returns is safe to save as had.</summary>
    public Task<StorageSnapshot> FlushAsync(CancellationToken ct) => Task.Run(() =>
    {
        PieceSet have = _verified.ToPieceSet();
        (DiskFileInfo[] files, DiskFileInfo parts) = _upkeep.Flush();
        // A file that was found changed meanwhile has lost its pieces.
        for (int piece = 0; piece < have.PieceCount; piece++)
        {
            if (have[piece] && !_verified[piece])
                have.Remove(piece);
        }
        return new StorageSnapshot(have, files, parts);
    }, ct);

    /// <summary>Changes which files exist on disk (one flag a file, null for all); data of files that are now selected moves out of the parts file.</summary>
    public Task SelectAsync(IReadOnlyList<bool>? wanted, CancellationToken ct) => Task.Run(() => _upkeep.Select(wanted), ct);

    /// <summary>Gives the selected files their final length, creates those that are empty and makes everything durable; called when all selected pieces are verified.</summary>
    /// <exception cref="TorrentStorageException">It failed, or a file was found cut, deleted or replaced; it is then checked again.</exception>
    public async Task<StorageSnapshot> FinishAsync(IReadOnlyList<bool>? wanted, CancellationToken ct)
    {
        PieceSet before = _verified.ToPieceSet();
        await Task.Run(() => _upkeep.Finish(wanted), ct).ConfigureAwait(false);
        StorageSnapshot snapshot = await FlushAsync(ct).ConfigureAwait(false);
        for (int piece = 0; piece < before.PieceCount; piece++)
        {
            if (before[piece] && !snapshot.Have[piece])
                throw new TorrentStorageException(TorrentErrorCode.StorageFailure, "A file was cut, deleted or replaced by somebody else; it is checked, and what is gone is fetched again.", PlaceOf(piece), isTransient: true);
        }
        return snapshot;
    }

    /// <summary>Deletes the torrent's files, its parts file and the directories that are empty then.</summary>
    public Task DeleteFilesAsync(CancellationToken ct) => Task.Run(() =>
    {
        for (int piece = 0; piece < Layout.PieceCount; piece++)
            _verified.Set(piece, false);
        _upkeep.Delete();
    }, ct);

    /// <summary>Moves the files to another save directory, across volumes by copying. After a failure they are where they were.</summary>
    public Task MoveAsync(string directory, CancellationToken ct) => Task.Run(() => _upkeep.Move(directory, ct), ct);

    public async ValueTask DisposeAsync()
    {
        _options.Budget.Freed -= OnBudgetFreed;
        _table.Close();
        await Task.Run(() =>
        {
            _gate.Close(Limits.StorageCloseWait);
            _files.CloseHandles();
        }).ConfigureAwait(false);
    }

    void IPieceShelf.Write(int piece, int begin, int length, PieceSegments segments)
    {
        EnterForPiece(piece);
        try
        {
            _files.Write(piece, begin, length, segments);
        }
        catch (Exception error) when (StorageErrors.IsFileError(error))
        {
            throw StorageErrors.From(error, PlaceOf(piece));
        }
        finally
        {
            _gate.ExitShared();
        }
    }

    void IPieceShelf.ReadBack(int piece, int begin, Span<byte> destination)
    {
        EnterForPiece(piece);
        try
        {
            if (!_files.TryRead(piece, begin, destination, isGuarded: false, out _))
                throw new TorrentStorageException(TorrentErrorCode.StorageFailure, $"Bytes of piece {piece} that were just written are gone.", PlaceOf(piece), isTransient: true);
        }
        catch (Exception error) when (StorageErrors.IsFileError(error))
        {
            throw StorageErrors.From(error, PlaceOf(piece));
        }
        finally
        {
            _gate.ExitShared();
        }
    }

    void IPieceShelf.SetVerified(int piece) => _verified.Set(piece, true);

    void IPieceShelf.Report(PieceVerdict verdict)
    {
        if (_options.PieceEnded is { } ended && !_gate.IsClosed)
            ended(verdict);
        else
            verdict.Return();
    }

    private void Prepare()
    {
        for (int file = 0; file < _files.Files.Count; file++)
            _files.PathOf(file);
        new FileRouter(_files, _options.Verifier, _options.IsReadOnly).Begin(_options.Wanted);
    }

    private async Task<PieceSet> CheckPiecesAsync(PieceRange range, IProgress<long>? progress, CancellationToken ct)
    {
        // A piece that is completed while the check runs was perhaps looked at before it was written.
        PieceSet before = _verified.ToPieceSet();
        lock (_suspected)
            _suspected.Clear();
        var source = new CheckSource(_files, _options.Verifier, () => _gate.TryEnterShared(Limits.PieceWriteWait), _gate.ExitShared);
        var checker = new PieceChecker(Layout, source, _options.Verifier, range, LaneTurns.OfProcess);
        bool[] good = await checker.RunAsync(progress, ct).ConfigureAwait(false);
        var found = new PieceSet(Layout.PieceCount);
        for (int i = 0; i < range.Count; i++)
        {
            int piece = range.First + i;
            if (good[i])
                _verified.Set(piece, true);
            else if (before[piece])
                _verified.Set(piece, false);
            if (_verified[piece])
                found.Add(piece);
        }
        return found;
    }

    /// <summary>Stops serving a piece and all others of the file that failed, and tells the owner once.</summary>
    private void Suspect(int piece, int file)
    {
        _verified.Set(piece, false);
        PieceRange range = file == PartsFile.Index ? default : Layout.PiecesOf(file);
        for (int i = range.First; i < range.End; i++)
            _verified.Set(i, false);
        if (file != PartsFile.Index)
        {
            _files.Times.Forget(file);
            // What is open may be a file that has lost its name.
            _files.CloseHandle(file);
        }
        bool isNew;
        lock (_suspected)
            isNew = _suspected.Add(file);
        if (isNew)
            _options.FileSuspected?.Invoke(file);
    }

    /// <summary>Somebody cut, deleted or replaced a file between two writes: pieces that lay in what is gone are not served and not saved.</summary>
    private void OnShortened(int file, long length)
    {
        // A file that is just being filled from the parts file had nothing to lose.
        if (_files.RouteOf(file) == FileRoute.Parts)
            return;
        PieceRange range = Layout.PiecesOf(file);
        for (int piece = range.First; piece < range.End; piece++)
        {
            if (!_verified[piece])
                continue;
            foreach (FileSlice slice in Layout.Slices(piece))
            {
                if (slice.File != file || slice.Offset + slice.Length <= length)
                    continue;
                Suspect(piece, file);
                return;
            }
        }
    }

    private void EnterForPiece(int piece)
    {
        if (!_gate.TryEnterShared(Limits.PieceWriteWait))
            throw new TorrentStorageException(TorrentErrorCode.StorageFailure, $"Piece {piece} was not written: the store is closed or being moved.", PlaceOf(piece), isTransient: true);
    }

    private string PlaceOf(int piece)
    {
        foreach (FileSlice slice in Layout.Slices(piece))
        {
            if (!slice.IsPadding)
                return _options.Files[slice.File].Path;
        }
        return Directory;
    }

    private void OnBudgetFreed()
    {
        if (Interlocked.Exchange(ref _isStarved, 0) == 1)
            _options.BudgetFreed?.Invoke();
    }
}
