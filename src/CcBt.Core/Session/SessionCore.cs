using CcBt.Core.Addressing;
using CcBt.Core.Swarm;
using CcBt.Core.Transport;
using CcBt.Core.Wire;
using Microsoft.Extensions.Logging;

namespace CcBt.Core.Session;

/// <summary>
/// The owner's side of one session: joins its swarm, metadata, trackers, lookups, start and files. Touched only inside a batch of
/// <see cref="ClientCore"/>.
/// </summary>
internal sealed class SessionCore
{
    public static readonly TimeSpan DiskRetry = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BusyTick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan QuietTick = TimeSpan.FromSeconds(1);

    private TimeSpan _nextTick = TimeSpan.MaxValue;
    private bool _isDiscovering;
    private SessionClosing? _closing;

    public SessionCore(ClientCore core, SessionFront front, SessionSetup setup)
    {
        Core = core;
        Front = front;
        Setup = setup;
        Torrent = setup.Torrent;
        IsPaused = setup.Resume?.IsPaused ?? false;
        front.IsPaused = IsPaused;
        TrustsFiles = setup.Options.TrustFiles;
        Swarm = new TorrentSwarm(new SwarmOptions { DialsPrivilegedPorts = core.Options.DialPortsBelow1024 }, core.Random);
        Traffic = new SessionTraffic(setup.Resume?.Downloaded ?? 0, setup.Resume?.Uploaded ?? 0);
        OurHandshake = new Handshake(setup.InfoHash, core.PeerId, HandshakeFeatures.Extended | HandshakeFeatures.Fast | (core.Options.EnableDht ? HandshakeFeatures.Dht : HandshakeFeatures.None));
        Links = new SessionLinks(this);
        Driver = new SwarmDriver(this);
        Metadata = new MetadataExchange(this);
        PeerExchange = new PeerExchange(this);
        Progress = new SessionProgress(this);
        Start = new SessionStart(this);
        Announcer = new SessionAnnouncer(this);
        Lookups = new SessionLookups(this);
        Resume = new ResumeKeeper(this);
        Selection = new SessionSelection(this);
    }

    public ClientCore Core { get; }

    public SessionFront Front { get; }

    public SessionSetup Setup { get; }

    public AddTorrentOptions Options => Setup.Options;

    public ILogger Logger => Core.Logger;

    public InfoHash InfoHash => Setup.InfoHash;

    /// <summary>The names under which peers and nodes may ask for this session.</summary>
    public IReadOnlyList<InfoHash> Identities => [Setup.InfoHash];

    public TorrentSwarm Swarm { get; }

    public SessionTraffic Traffic { get; }

    public Handshake OurHandshake { get; }

    public SessionLinks Links { get; }

    public SwarmDriver Driver { get; }

    public MetadataExchange Metadata { get; }

    public PeerExchange PeerExchange { get; }

    public SessionProgress Progress { get; }

    public SessionStart Start { get; }

    public SessionAnnouncer Announcer { get; }

    public SessionLookups Lookups { get; }

    public ResumeKeeper Resume { get; }

    public SessionSelection Selection { get; }

    public Torrent? Torrent { get; private set; }

    public ISessionStore? Store { get; set; }

    public bool IsPaused { get; private set; }

    public bool IsPrivate => Torrent?.IsPrivate ?? false;

    /// <summary>The user vouches for the files, and nothing has shown otherwise.</summary>
    public bool TrustsFiles { get; private set; }

    /// <summary>The last failure that is not overcome.</summary>
    public TorrentException? Problem { get; private set; }

    public bool IsFaulted { get; private set; }

    /// <summary>Everything is released; nothing reaches the session any more.</summary>
    public bool IsReleased { get; private set; }

    public TimeSpan RetryFlushAt { get; set; } = TimeSpan.MaxValue;

    /// <summary>Whether the session is in the list of those to drain.</summary>
    public bool IsTouched { get; set; }

    /// <summary>The deadline under which the session waits in the client's heap.</summary>
    public TimeSpan ScheduledAt { get; set; } = TimeSpan.MaxValue;

    /// <summary>Whether links may exist: discovery runs and nothing has ended it.</summary>
    public bool WelcomesLinks => _isDiscovering && !IsPaused && !IsFaulted && _closing is null;

    /// <summary>Peers are dialled once a start has begun; before, a discovery only fills the pool.</summary>
    public bool CanDial => WelcomesLinks && (Start.IsStarting || Start.IsStarted);

    /// <summary>Whether discoveries are taken in. A paused session keeps their peers for later.</summary>
    public bool TakesPeers => !IsFaulted && _closing is null;

    /// <summary>Discoveries may begin the start.</summary>
    public bool IsArmed { get; private set; }

    public TimeSpan NextDeadline
    {
        get
        {
            if (IsReleased)
                return TimeSpan.MaxValue;
            if (_closing is not null)
                return Min(_closing.NextDeadline, Min(Start.NextDeadline, Announcer.NextDeadline));
            TimeSpan next = Min(_nextTick, Min(Start.NextDeadline, Min(Resume.NextDeadline, RetryFlushAt)));
            return WelcomesLinks
                ? Min(next, Min(Swarm.NextDeadline, Min(Metadata.NextDeadline, Min(Announcer.NextDeadline, Lookups.NextDeadline))))
                : Min(next, Announcer.NextDeadline);
        }
    }

    /// <summary>The session was added. Only in <see cref="StartMode.WhenPeersFound"/> does anything touch the network now.</summary>
    public void Open(TimeSpan now)
    {
        if (IsPrivate)
            TurnPrivate(now);
        Swarm.SetUnchokeSlots(Core.Options.UnchokeSlots, now);
        foreach (PeerAddress own in Core.ExternalAddresses)
            Swarm.SetExternalAddress(own);
        if (Torrent is not null)
            Front.Metadata.Set(Torrent);
        AddKnownPeers();
        IsArmed |= Setup.IsArmed;
        if (IsArmed)
            BeginDiscovery(now);
        if (Setup.Resume?.IsStarted ?? false)
            Front.Gate.Knock(KnockSource.SavedState);
        Resume.SaveNow(now);
        PublishStatus(now);
    }

    /// <summary>A start was asked for: from now on discovery runs and may begin another one if this one fails.</summary>
    public void Arm(TimeSpan now)
    {
        IsArmed = true;
        BeginDiscovery(now);
        if (!IsPaused)
            Front.Gate.Release();
    }

    /// <summary>Discovery begins: lookups, announces and links. Doing it again changes nothing.</summary>
    public void BeginDiscovery(TimeSpan now)
    {
        if (_isDiscovering || IsPaused || IsFaulted || _closing is not null)
            return;
        _isDiscovering = true;
        Swarm.SetPaused(false, now);
        Announcer.Resume(now);
        Lookups.Resume(now);
        if (Core.Options.EnableLocalDiscovery && !IsPrivate)
            Core.Edges.BeginLocalSearch(InfoHash);
        _nextTick = now + QuietTick;
    }

    /// <summary>The machine is on another network: whoever should know where we are is told, and peers are dialled at once.</summary>
    public void NetworkChanged(TimeSpan now)
    {
        if (!WelcomesLinks)
            return;
        Swarm.NetworkChanged(now);
        Announcer.NetworkChanged(now);
        Lookups.NetworkChanged(now);
        if (!Core.Options.EnableLocalDiscovery || IsPrivate)
            return;
        Core.Edges.EndLocalSearch(InfoHash);
        Core.Edges.BeginLocalSearch(InfoHash);
    }

    public void AddPeers(ReadOnlySpan<PeerAddress> peers, KnockSource source, TimeSpan now)
    {
        Swarm.AddCandidates(peers, (PeerSource)source, now);
        _nextTick = Min(_nextTick, now + QuietTick);
    }

    /// <summary>Links are silenced, files closed; pool, progress and a start in flight stay.</summary>
    public void Pause(TimeSpan now)
    {
        if (IsPaused || _closing is not null)
            return;
        IsPaused = Front.IsPaused = true;
        Front.Gate.Hold();
        EndDiscovery(now);
        Store?.CloseHandles();
        Resume.Touch(now);
        PublishStatus(now);
    }

    public void Unpause(TimeSpan now)
    {
        if (!IsPaused || _closing is not null)
            return;
        IsPaused = Front.IsPaused = false;
        Start.Resumed(now);
        if (IsArmed)
        {
            BeginDiscovery(now);
            Front.Gate.Release();
            if (Swarm.Snapshot(now).Candidates > 0)
                Front.Gate.Knock(KnockSource.Resume);
        }
        Resume.Touch(now);
        PublishStatus(now);
    }

    /// <summary>The metadata came from peers and fits the info hash. A second copy changes nothing.</summary>
    public void SetTorrent(Torrent torrent, TimeSpan now)
    {
        if (Torrent is not null)
            return;
        Torrent = torrent;
        ClientLog.MetadataKnown(Logger, InfoHash, torrent.Name);
        if (torrent.IsPrivate)
            TurnPrivate(now);
        Front.Torrent = torrent;
        Front.Metadata.Set(torrent);
        Links.SetLayout(torrent);
        Start.MetadataKnown(now);
        Resume.Touch(now);
        PublishStatus(now);
    }

    public void MetadataComplete(byte[] info, TimeSpan now)
    {
        if (Torrent is not null)
            return;
        MagnetLink? magnet = Setup.Magnet;
        if (Torrent.TryFromInfo(info, [.. (magnet?.Trackers ?? []).Select(t => (IReadOnlyList<string>)[t])], magnet?.WebSeeds ?? [], out Torrent? torrent, out TorrentFormatException? error))
            SetTorrent(torrent, now);
        else
            Fault(error, now);
    }

    public void OpenStore(long attempt, TimeSpan now)
    {
        if (Torrent!.InfoHashV1 is null)
        {
            Start.Fail(new TorrentStateException(TorrentErrorCode.UnsupportedTorrent,
                "This torrent is of version 2 only, which this version of the library reads but does not transfer. Use a version 1 or hybrid torrent.",
                Torrent.Name, isTransient: false), now);
            return;
        }
        try
        {
            Core.Edges.OpenStore(this, new StoreOrder(attempt, Torrent, Options.SaveDirectory, Selection.WantedFiles(Torrent), TrustsFiles, Setup.Resume));
        }
        catch (TorrentException exception)
        {
            Start.Fail(exception, now);
        }
    }

    /// <summary>The files of a session that may never have opened them, for deleting them.</summary>
    public StoreOrder? FilesToDelete()
        => Torrent is { InfoHashV1: not null } torrent ? new StoreOrder(0, torrent, Options.SaveDirectory, [.. torrent.Files.Select(static _ => true)], TrustFiles: false, null) : null;

    /// <summary>The last stage of a start: the swarm learns what is there and what is wanted.</summary>
    public void ArmPicker(PieceSet have, TimeSpan now)
    {
        Torrent torrent = Torrent!;
        PieceSet wanted = Selection.WantedPieces(torrent);
        Progress.Begin(have, wanted);
        if (!have.IsFull)
            Distrust(now);
        Swarm.Arm(new PieceMap(torrent.PieceCount, torrent.PieceLength, torrent.Layout.TotalLength), have, wanted, now);
    }

    /// <summary>
    /// A piece is missing, so not all is there that the user vouched for. That is saved before anything is written: files that have their lengths, but
    /// not yet their data, must never pass for complete.
    /// </summary>
    public void Distrust(TimeSpan now)
    {
        if (!TrustsFiles)
            return;
        TrustsFiles = false;
        Resume.SaveNow(now);
    }

    public void Started(TimeSpan now)
    {
        Problem = null;
        _nextTick = now;
        Resume.Touch(now);
        PublishStatus(now);
    }

    public void StartFailed(Exception error, TimeSpan now)
    {
        ReportProblem(error);
        if (error is TorrentException { IsTransient: false })
            Fault(error, now);
        PublishStatus(now);
    }

    /// <summary>Something moves again: rates and status are looked at soon.</summary>
    public void TickSoon(TimeSpan now) => _nextTick = Min(_nextTick, now + BusyTick);

    public void ReportProblem(Exception error)
        => Problem = error as TorrentException ?? new TorrentStateException(TorrentErrorCode.Unknown, error.Message, InfoHash.ToString(), isTransient: true, error);

    public void ClearProblem() => Problem = null;

    /// <summary>Whatever the session's step threw ends this session and no other. Always true, for use as an exception filter.</summary>
    public bool TryFault(Exception error, TimeSpan now)
    {
        Fault(error, now);
        return true;
    }

    /// <summary>Carries out what the messages of a batch have led to.</summary>
    public void Drain(TimeSpan now)
    {
        Start.Advance(now);
        if (WelcomesLinks)
        {
            Metadata.Advance(now);
            Lookups.Advance(now);
            Swarm.Advance(now);
        }
        Driver.Drain(now);
        Announcer.Advance(now);
        if (_closing is null)
            Resume.Advance(now);
        if (now >= RetryFlushAt)
        {
            RetryFlushAt = TimeSpan.MaxValue;
            Progress.Completed();
        }
        if (now >= _nextTick)
            Tick(now);
        else if (SessionSnapshot.StateOf(this) != Front.Board.Latest.State || Front.Board.Latest.Error != Problem)
            PublishStatus(now);
        _closing?.Advance(now);
    }

    /// <summary>Releases everything; <see cref="SessionFront.Released"/> is set when all has ended.</summary>
    public void Close(SessionEnd end, TimeSpan now)
    {
        if (_closing is not null)
            return;
        _closing = new SessionClosing(this, end, now);
        EndDiscovery(now);
    }

    public void StoreClosed(Exception? error, TimeSpan now)
    {
        if (error is not null)
            ClientLog.SaveFailed(Logger, InfoHash.ToString(), error);
        if (_closing is { IsClosingStore: true })
            _closing.StoreClosed(error);
        else
            Start.StoreClosed(now);
    }

    /// <summary>The client ends, whatever of the session has not.</summary>
    public void GiveUp()
    {
        if (IsReleased)
            return;
        if (_closing is { } closing)
            closing.GiveUp();
        else
            MarkReleased(null);
    }

    /// <summary>The last thing of a closing session has ended.</summary>
    public void MarkReleased(Exception? error)
    {
        IsReleased = true;
        Core.Remove(this);
        Selection.Abandon();
        Front.Kept.Fail(error ?? SessionFront.Disposed());
        if (error is null)
            Front.Released.Set(true);
        else
            Front.Released.Fail(error);
    }

    /// <summary>Takes the store away from the session; whoever took it closes it.</summary>
    public ISessionStore? TakeStore()
    {
        ISessionStore? store = Store;
        Store = null;
        return store;
    }

    public ExtensionHandshake ExtensionHandshakeFor(IPeerLink link) => new()
    {
        MetadataId = ExtensionIds.Metadata,
        PexId = PeerExchange.IsOn ? ExtensionIds.Pex : null,
        Port = Core.ListenPort == 0 ? null : Core.ListenPort,
        Client = ClientName.Text,
        YourAddress = link.Remote.WithPort(0),
        RequestQueue = Limits.AdvertisedRequests,
        MetadataSize = Torrent is { } torrent ? torrent.RawInfo.Length : null,
        IsUploadOnly = Progress.IsComplete ? true : null,
    };

    public void PublishStatus(TimeSpan now) => SessionSnapshot.Publish(this, now);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private void EndDiscovery(TimeSpan now)
    {
        if (!_isDiscovering)
            return;
        _isDiscovering = false;
        Lookups.Stop(now);
        Announcer.Stop(now);
        Core.Edges.EndLocalSearch(InfoHash);
        Swarm.SetPaused(true, now);
        Links.CloseAll(LinkCloseReason.Local);
        _nextTick = now + QuietTick;
    }

    private void Fault(Exception error, TimeSpan now)
    {
        if (IsFaulted || _closing is not null)
            return;
        IsFaulted = true;
        // What nobody foresaw does not mend itself; trying it again and again would only hide it.
        ReportProblem(error as TorrentException ?? new TorrentStateException(TorrentErrorCode.Unknown, $"The session failed: {error.Message}", InfoHash.ToString(), isTransient: false, error));
        Front.Fault = Problem;
        ClientLog.Faulted(Logger, InfoHash, error);
        EndDiscovery(now);
        Store?.CloseHandles();
        Start.Fail(Problem!, now);
        Front.Completion.Fail(Problem!);
        if (Torrent is null)
            Front.Metadata.Fail(Problem!);
        PublishStatus(now);
    }

    /// <summary>A private torrent (BEP 27) knows its peers from its trackers and its user alone; what came from elsewhere goes.</summary>
    private void TurnPrivate(TimeSpan now)
    {
        Front.Door.MakePrivate();
        Lookups.Withdraw(now);
        Core.Edges.EndLocalSearch(InfoHash);
        Swarm.SetPrivate(true, now);
        Announcer.TurnPrivate(now);
    }

    private void Tick(TimeSpan now)
    {
        Traffic.Sample(Links.All, now);
        foreach (PeerState peer in Links.All)
            Swarm.SetUploaded(peer.Link.Id, peer.Link.Traffic.PayloadSentBytes, now);
        PublishStatus(now);
        // A start in flight moves its progress; everything else that moves has links.
        bool isBusy = Links.Count > 0 || Start.IsStarting;
        bool isMoving = Traffic.DownBytesPerSecond > 0 || Traffic.UpBytesPerSecond > 0;
        _nextTick = isBusy && !IsPaused ? now + (Progress.IsComplete ? QuietTick : BusyTick)
            : isMoving ? now + QuietTick
            : TimeSpan.MaxValue;
    }

    private void AddKnownPeers()
    {
        PeerAddress[] given = [.. Options.Peers.Select(PeerAddress.From)];
        if (given.Length > 0)
            Front.Door.Report(KnockSource.Manual, given, lookupEnded: false);
        PeerAddress[] saved = Setup.Resume is { } resume ? SavedSession.PeersOf(resume) : [];
        if (saved.Length > 0)
            Front.Door.Report(KnockSource.SavedState, saved, lookupEnded: false);
        PeerAddress[] linked = [.. Setup.Magnet?.PeerEndPoints.Select(PeerAddress.From) ?? []];
        if (linked.Length > 0)
            Front.Door.Report(KnockSource.Magnet, linked, lookupEnded: false);
    }
}
