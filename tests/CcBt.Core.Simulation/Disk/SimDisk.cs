using CcBt.Core.Dht;
using CcBt.Core.Session;
using CcBt.Core.Simulation.Faults;
using CcBt.Core.Simulation.Time;
using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Simulation.Disk;

/// <summary>
/// A machine's disk: one call at a time, each with its service time. It can be full, fail its n-th call, hang, and lose power, which
/// drops what was not flushed and every call under way. State files are replaced in one step, as rename does.
/// </summary>
internal sealed class SimDisk(World world)
{
    /// <summary>Calls whose answer hands nothing over, so that a second one can only be a mistake of its edge.</summary>
    private static readonly string[] s_repeatable = ["check", "check file", "select", "save", "finish", "close"];

    private readonly Dictionary<InfoHash, SimFiles> _files = [];
    private readonly SortedDictionary<string, byte[]> _states = [];
    private TimeSpan _free;
    private int _powerCycles;

    public TimeSpan LeastService { get; set; } = TimeSpan.FromMicroseconds(100);

    public TimeSpan MostService { get; set; } = TimeSpan.FromMilliseconds(4);

    /// <summary>Bytes that still fit; writes beyond fail with disk full.</summary>
    public long Room { get; set; } = long.MaxValue;

    /// <summary>The share of calls that fail with a transient error.</summary>
    public double FailureShare { get; set; }

    /// <summary>Answers that the owner of this machine's client waits for: those of the disk here, and others that use the same plan.</summary>
    public FaultPlan Answers { get; } = new();

    public int OpenStores { get; set; }

    public DhtSnapshot? Dht { get; set; }

    /// <summary>Pieces that a store may hold in memory before it refuses to take on more.</summary>
    public int PieceBudget { get; set; } = 64;

    public World World => world;

    /// <summary>The wall clock's time, for write times.</summary>
    public TimeProvider WallClock { get; set; } = new SimClock(world);

    public IReadOnlyCollection<byte[]> States => _states.Values;

    public long WallTicks => WallClock.GetUtcNow().Ticks;

    public SimFiles FilesOf(Torrent torrent)
    {
        if (!_files.TryGetValue(torrent.SwarmHash, out SimFiles? files))
            _files[torrent.SwarmHash] = files = new SimFiles(torrent);
        return files;
    }

    /// <summary>Queues a call. It takes effect when its service time is over; <paramref name="ended"/> hears how it went.</summary>
    public void Do(string what, Action effect, Action<Exception?> ended, double weight = 1)
    {
        bool strikes = Answers.Strikes();
        int powered = _powerCycles;
        _free = (_free > world.Now ? _free : world.Now) + world.Between(LeastService, MostService) * weight;
        world.At(_free, () =>
        {
            if (powered != _powerCycles || strikes && Answers.Kind == FaultKind.Never)
                return;
            Exception? error = strikes ? Answers.ErrorFor(what) : null;
            try
            {
                if (world.Chance(FailureShare))
                    throw new TorrentStorageException(TorrentErrorCode.StorageFailure, "The simulated disk failed a call.", what, isTransient: true);
                if (error is null)
                    effect();
            }
            catch (TorrentException exception)
            {
                error = exception;
            }
            ended(error);
            if (strikes && Answers.Kind == FaultKind.Twice && s_repeatable.Contains(what))
                ended(error);
        });
    }

    public void Reserve(int bytes)
    {
        if (Room < bytes)
            throw new TorrentStorageException(TorrentErrorCode.DiskFull, "The simulated disk is full.", "disk", isTransient: true);
        Room -= bytes;
    }

    public void SaveState(ResumeData resume)
    {
        byte[] bytes = resume.ToBytes();
        Reserve(0);
        _states[NameOf((resume.HashV1 ?? resume.HashV2!.Value.Truncated))] = bytes;
    }

    public ResumeData? LoadState(InfoHash infoHash)
        => _states.TryGetValue(NameOf(infoHash), out byte[]? bytes) && ResumeData.TryRead(bytes, out ResumeData data) ? data : null;

    public void DeleteState(InfoHash infoHash) => _states.Remove(NameOf(infoHash));

    public void LosePower()
    {
        _powerCycles++;
        _free = world.Now;
        OpenStores = 0;
        foreach (SimFiles files in _files.Values)
            files.LosePower(world);
    }

    /// <summary>Opens a session's files, and says which pieces saved state vouches for, by the rules of the real storage.</summary>
    public void Open(IMailbox mailbox, SessionCore session, StoreOrder order)
    {
        SimFiles files = FilesOf(order.Torrent);
        SimStore? store = null;
        PieceSet? trusted = null;
        Do("open", () =>
        {
            trusted = order.TrustFiles && files.Exists ? Everything(order.Torrent) : Trust(files, order);
            store = new SimStore(this, mailbox, session, files, trusted);
            OpenStores++;
        }, error => mailbox.Post(error is null
            ? new StoreOpenedMessage(session, order.Attempt, store!, trusted, s => Close(mailbox, null, (SimStore)s, new StoreClosure(null, SessionEnd.Stop)))
            : new StoreFailedMessage(session, order.Attempt, error)));
    }

    public void Close(IMailbox mailbox, SessionCore? session, SimStore? store, StoreClosure closure)
    {
        store?.Close();
        bool isOpen = store is not null;
        Do("close", () =>
        {
            ResumeData? resume = closure.Resume;
            if (store is not null)
            {
                if (resume is not null)
                    resume = store.Flush(resume);
                if (closure.End.DeletesFiles)
                    store.Files.Delete();
            }
            if (resume is not null)
                SaveState(resume);
            if (session is not null && !closure.End.KeepsState)
                DeleteState(session.InfoHash);
        }, error =>
        {
            // Handles are released whatever else failed, and once.
            OpenStores -= isOpen ? 1 : 0;
            isOpen = false;
            if (session is not null)
                mailbox.Post(new StoreClosedMessage(session, error));
        });
    }

    private static string NameOf(InfoHash infoHash) => infoHash.ToString();

    private static PieceSet Everything(Torrent torrent)
    {
        var all = new PieceSet(torrent.PieceCount);
        all.Fill();
        return all;
    }

    private static PieceSet? Trust(SimFiles files, StoreOrder order)
    {
        if (order.Resume is not { } resume || SavedSession.SnapshotOf(resume, order.Torrent) is not { } saved || !files.Exists)
            return files.Exists ? null : new PieceSet(order.Torrent.PieceCount);
        DiskFileInfo then = saved.Files[0], now = files.Info;
        if (then == now)
            return saved.Have;
        if (!then.Exists || now.LastWriteTicks < then.LastWriteTicks || saved.Have.IsFull)
            return null;
        for (int piece = 0; piece < saved.Have.PieceCount; piece++)
        {
            if (saved.Have[piece] && !files.IsRight(piece))
                return null;
        }
        return saved.Have;
    }
}
