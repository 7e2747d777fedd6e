using System.Diagnostics;
using CcBt.Core.Addressing;
using CcBt.Core.Wire;
using Microsoft.Extensions.Logging;

namespace CcBt.Core.Session;

/// <summary>
/// Everything mutable of a client, touched by one loop: sessions, links, the DHT, budgets. Its step is synchronous; what edges
/// do comes back as another message. A pump or a simulator calls <see cref="BeginBatch"/>, <see cref="Step"/> for each message, then
/// <see cref="EndBatch"/>, and again at <see cref="NextDeadline"/>.
/// </summary>
internal sealed class ClientCore
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<InfoHash, SessionCore> _sessions = [];
    private readonly Dictionary<bool, PeerAddress> _external = [];
    private readonly PriorityQueue<SessionCore, TimeSpan> _deadlines = new();
    private readonly List<SessionCore> _touched = [];
    private readonly IMailbox _mailbox;
    private TimeSpan _nextStatus;
    private TimeSpan _overdueAt = TimeSpan.MaxValue;
    private int _ownerThread;

    public ClientCore(TorrentClientOptions options, IClientEdges edges, IMailbox mailbox, OwnAddresses ownAddresses, Random random, ILogger logger)
    {
        Options = options;
        Edges = edges;
        _mailbox = mailbox;
        OwnAddresses = ownAddresses;
        Random = random;
        Logger = logger;
        PeerId = PeerId.Create(random);
        Links = new ClientLinks(this, edges);
        Dht = new DhtDriver(this, edges);
        Announces = new AnnounceRoutes(this, edges);
        Network = new NetworkDriver(this, edges);
    }

    public TorrentClientOptions Options { get; }

    public IClientEdges Edges { get; }

    public OwnAddresses OwnAddresses { get; }

    public Random Random { get; }

    public ILogger Logger { get; }

    public PeerId PeerId { get; }

    public ClientLinks Links { get; }

    public DhtDriver Dht { get; }

    public AnnounceRoutes Announces { get; }

    public NetworkDriver Network { get; }

    public StatusBoard<ClientStatus> Board { get; } = new(new ClientStatus());

    /// <summary>The addresses that we listen at, one or more a family.</summary>
    public IReadOnlyList<PeerAddress> ListenAddresses { get; set; } = [];

    /// <summary>How we are seen from outside, at most one address a family.</summary>
    public IReadOnlyCollection<PeerAddress> ExternalAddresses => _external.Values;

    /// <summary>The port that peers reach us at; 0 when nothing listens.</summary>
    public ushort ListenPort => ListenAddresses.Count == 0 ? (ushort)0 : ListenAddresses[0].Port;

    public IReadOnlyCollection<SessionCore> Sessions => _sessions.Values;

    public TimeSpan NextDeadline
    {
        get
        {
            TimeSpan next = Dht.NextDeadline < Links.NextDeadline ? Dht.NextDeadline : Links.NextDeadline;
            next = Network.NextDeadline < next ? Network.NextDeadline : next;
            if ((Links.Count > 0 || Board.Latest.ConnectedPeers > 0) && _nextStatus < next)
                next = _nextStatus;
            return _deadlines.TryPeek(out _, out TimeSpan due) && due < next ? due : next;
        }
    }

    public SessionCore? Find(InfoHash infoHash) => _sessions.GetValueOrDefault(infoHash);

    public void Add(SessionCore session, TimeSpan now)
    {
        AssertOwned();
        foreach (InfoHash identity in session.Identities)
            _sessions.TryAdd(identity, session);
        InSession(session, now, static (s, at) => s.Open(at));
    }

    /// <summary>The session has released everything and is no longer known.</summary>
    public void Remove(SessionCore session)
    {
        AssertOwned();
        foreach (InfoHash identity in session.Identities)
        {
            if (_sessions.GetValueOrDefault(identity) == session)
                _sessions.Remove(identity);
        }
    }

    /// <summary>Any thread: hands a message to the owner.</summary>
    public bool Post(ClientMessage message) => _mailbox.Post(message);

    /// <summary>Somebody outside told how they see us: under that address we are no peer of our own.</summary>
    public void NoteExternalAddress(PeerAddress address)
    {
        if (ListenPort == 0)
            return;
        PeerAddress own = address.WithPort(ListenPort);
        OwnAddresses.Add(own);
        _external[own.IsV6] = own;
        foreach (SessionCore session in _sessions.Values)
            session.Swarm.SetExternalAddress(own);
    }

    public void BeginBatch() => _ownerThread = Environment.CurrentManagedThreadId;

    public void Step(ClientMessage message, TimeSpan now)
    {
        AssertOwned();
        WakeUp(now);
        message.Apply(this, now);
    }

    /// <summary>Serves the deadlines that have come and carries out what the batch has led to.</summary>
    public void EndBatch(TimeSpan now)
    {
        AssertOwned();
        WakeUp(now);
        while (_deadlines.TryPeek(out SessionCore? due, out TimeSpan at) && at <= now)
        {
            _deadlines.Dequeue();
            due.ScheduledAt = TimeSpan.MaxValue;
            Touch(due);
        }
        Dht.Advance(now);
        Links.Advance(now);
        Network.Advance(now);
        // Draining a session can touch others (a budget that gets free), and the DHT has news for sessions, so this goes on until all are quiet.
        do
        {
            for (int i = 0; i < _touched.Count; i++)
            {
                SessionCore session = _touched[i];
                session.IsTouched = false;
                Drain(session, now);
            }
            _touched.Clear();
            Dht.Drain(now);
        }
        while (_touched.Count > 0);
        if (now >= _nextStatus)
            PublishStatus(now);
        TimeSpan next = NextDeadline;
        _overdueAt = next < TimeSpan.MaxValue - NetworkDriver.Sleep ? (next > now ? next : now) + NetworkDriver.Sleep : TimeSpan.MaxValue;
    }

    /// <summary>Has the session drained at the end of the batch.</summary>
    public void Touch(SessionCore session)
    {
        if (session.IsTouched)
            return;
        session.IsTouched = true;
        _touched.Add(session);
    }

    /// <summary>Runs a call for one session; what it throws faults that session alone.</summary>
    public void InSession(SessionCore session, TimeSpan now, Action<SessionCore, TimeSpan> call)
        => InSession(session, now, call, static (s, at, inner) => inner(s, at));

    /// <summary>The same with what the call needs beside the session, so that frequent calls need no closure.</summary>
    public void InSession<T>(SessionCore session, TimeSpan now, T with, Action<SessionCore, TimeSpan, T> call)
    {
        AssertOwned();
        if (session.IsReleased)
            return;
        try
        {
            call(session, now, with);
        }
        catch (Exception exception) when (session.TryFault(exception, now))
        {
        }
        Touch(session);
    }

    /// <summary>Everything here belongs to one thread at a time: the one that runs the batch.</summary>
    [Conditional("DEBUG")]
    public void AssertOwned() => Debug.Assert(_ownerThread == Environment.CurrentManagedThreadId, "The owner's state was touched outside a batch.");

    /// <summary>A deadline that was missed by far means that nothing ran in between.</summary>
    private void WakeUp(TimeSpan now)
    {
        if (now < _overdueAt)
            return;
        TimeSpan length = now - _overdueAt + NetworkDriver.Sleep;
        _overdueAt = TimeSpan.MaxValue;
        Network.Slept(length, now);
    }

    private void PublishStatus(TimeSpan now)
    {
        _nextStatus = now + StatusInterval;
        int sessions = 0;
        long down = 0, up = 0;
        foreach ((InfoHash identity, SessionCore session) in _sessions)
        {
            // A hybrid session stands in the table under each of its identities.
            if (identity != session.InfoHash)
                continue;
            sessions++;
            down += session.Traffic.DownBytesPerSecond;
            up += session.Traffic.UpBytesPerSecond;
        }
        Board.Publish(new ClientStatus
        {
            Sessions = sessions,
            ConnectedPeers = Links.Count,
            DhtNodes = Dht.NodeCount,
            DownloadBytesPerSecond = down,
            UploadBytesPerSecond = up,
        });
    }

    private void Drain(SessionCore session, TimeSpan now)
    {
        if (session.IsReleased)
            return;
        try
        {
            session.Drain(now);
        }
        catch (Exception exception) when (session.TryFault(exception, now))
        {
        }
        TimeSpan due = session.NextDeadline;
        if (due >= session.ScheduledAt)
            return;
        session.ScheduledAt = due;
        _deadlines.Enqueue(session, due);
    }
}
