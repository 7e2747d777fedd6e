using CcBt.Core.Metainfo;
using CcBt.Core.Session;
using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Simulation.Disk;

/// <summary>A session's files in memory, with the semantics of the real store: claims, real hashes, verdicts, a bounded number of open pieces.</summary>
internal sealed class SimStore : ISessionStore, IBlockSource
{
    private readonly SimDisk _disk;
    private readonly IMailbox _mailbox;
    private readonly SessionCore _session;
    private readonly IPieceVerifier _verifier;
    private readonly Dictionary<int, SimPiece> _open = [];
    private readonly HashSet<int> _wantsHashes = [];
    private PieceSet _verified;
    private bool _isStarved, _isClosed, _isCheckStopped;

    public SimStore(SimDisk disk, IMailbox mailbox, SessionCore session, SimFiles files, PieceSet? trusted)
    {
        _disk = disk;
        _mailbox = mailbox;
        _session = session;
        Files = files;
        _verifier = files.Torrent.CreateVerifier();
        _verified = trusted?.Clone() ?? new PieceSet(files.Torrent.PieceCount);
    }

    public SimFiles Files { get; }

    public IBlockSource Source => this;

    public PieceSet Verified => _verified;

    /// <summary>The share of blocks that are served with a wrong byte: what a poisoner's disk does.</summary>
    public double Poison { get; set; }

    public bool Has(int piece) => !_isClosed && _verified[piece];

    public bool TryRead(in BlockAddress block, Span<byte> destination)
    {
        if (_isClosed)
            return false;
        Files.Read(block, destination);
        if (_disk.World.Chance(Poison))
            destination[_disk.World.Random.Next(destination.Length)] ^= 0x55;
        return true;
    }

    public BlockPlace Place(in BlockAddress block, out IBlockDestination? destination)
    {
        destination = null;
        if (!_open.TryGetValue(block.Piece, out SimPiece? piece))
        {
            if (_open.Count >= _disk.PieceBudget)
            {
                _isStarved = true;
                return BlockPlace.NoRoom;
            }
            _open[block.Piece] = piece = new SimPiece(this, block.Piece, Files.Torrent.Layout.PieceSize(block.Piece));
        }
        if (piece.IsReleased)
        {
            _isStarved = true;
            return BlockPlace.NoRoom;
        }
        if (piece.IsReceived(block.Begin))
            return BlockPlace.Padding;
        destination = piece;
        return BlockPlace.Ready;
    }

    public void ReleasePiece(int piece) => _open.GetValueOrDefault(piece)?.Release();

    public void WantBlockHashes(int piece) => _wantsHashes.Add(piece);

    public void BeginCheck()
    {
        _isCheckStopped = false;
        PieceSet? good = null;
        _disk.Do("check", () => good = _isCheckStopped ? null : Check(), error =>
        {
            if (good is not null)
                _verified = good.Clone();
            _mailbox.Post(new CheckEndedMessage(_session, this, good, error ?? (good is null ? new OperationCanceledException() : null)));
        }, weight: Files.Torrent.PieceCount);
    }

    public void StopCheck() => _isCheckStopped = true;

    public void BeginCheckFile(int file)
        => _disk.Do("check file", () => _verified = Check(), error => _mailbox.Post(new FileCheckedMessage(_session, _verified.Clone(), error)), weight: Files.Torrent.PieceCount);

    public void BeginSelect(IReadOnlyList<bool> wantedFiles)
        => _disk.Do("select", static () => { }, error => _mailbox.Post(new StoreSelectedMessage(_session, error)));

    public void BeginSave(ResumeData resume)
        => _disk.Do("save", () => _disk.SaveState(Flush(resume)), error => _mailbox.Post(new StateSavedMessage(_session, error)));

    public void BeginFinish(IReadOnlyList<bool> wantedFiles)
        => _disk.Do("finish", Files.Flush, error => _mailbox.Post(new StoreFlushedMessage(_session, error)));

    public void CloseHandles()
    {
    }

    /// <summary>Makes what is written durable, and says so in the state.</summary>
    public ResumeData Flush(ResumeData resume)
    {
        PieceSet have = _verified.Clone();
        Files.Flush();
        return resume with { Have = have.Bytes.ToArray(), Files = [Files.Info], Parts = DiskFileInfo.Missing };
    }

    public void Close() => _isClosed = true;

    /// <summary>All blocks of a piece are there: it is hashed at once, and written when the disk has served what waits before.</summary>
    public void Judge(SimPiece piece)
    {
        if (!_verifier.Verify(piece.Piece, piece.Content))
        {
            Report(piece, isGood: false, null);
            return;
        }
        _disk.Do("write", () =>
        {
            _disk.Reserve(piece.Content.Length);
            Files.Write(piece.Piece, piece.Content, _disk.WallTicks);
            _verified.Add(piece.Piece);
        }, error => Report(piece, error is null, error is null ? null : StorageErrors.From(error, "piece")));
    }

    /// <summary>The piece's buffer is free again.</summary>
    public void Free(SimPiece piece)
    {
        _open.Remove(piece.Piece);
        if (!_isStarved)
            return;
        _isStarved = false;
        _mailbox.Post(new StoreRoomMessage(_session));
    }

    private void Report(SimPiece piece, bool isGood, TorrentStorageException? error)
    {
        PieceVerdict verdict = PieceVerdict.Rent(piece.Piece, isGood, error);
        verdict.HasDigests = error is null && (!isGood || _wantsHashes.Contains(piece.Piece));
        piece.AddContributions(verdict.Contributions, verdict.HasDigests);
        if (isGood)
            _wantsHashes.Remove(piece.Piece);
        Free(piece);
        if (!_mailbox.Post(new PieceVerdictMessage(_session, verdict)))
            verdict.Return();
    }

    private PieceSet Check()
    {
        var good = new PieceSet(Files.Torrent.PieceCount);
        for (int piece = 0; piece < good.PieceCount; piece++)
        {
            if (Files.IsRight(piece))
                good.Add(piece);
        }
        return good;
    }
}
