using CcBt.Core.Addressing;
using CcBt.Core.Dht;
using CcBt.Core.Session;
using CcBt.Core.Storage;
using CcBt.Core.Trackers;
using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Session;

/// <summary>The world outside a client as a test sees it: everything asked of it is written down, and the test answers.</summary>
internal sealed class FakeEdges(QueueMailbox mailbox) : IClientEdges
{
    private int _lastLink;

    /// <summary>Files open and close at once and need no check; null for those that never answer.</summary>
    public Func<StoreOrder, PieceSet?>? Files { get; set; } = order => new PieceSet(order.Torrent.PieceCount);

    public bool OpensFiles { get; set; } = true;

    public bool ClosesFiles { get; set; } = true;

    public bool SavesState { get; set; } = true;

    public List<FakeLink> Dialled { get; } = [];

    public List<(int Id, AnnounceOrder Order)> Announces { get; } = [];

    public HashSet<InfoHash> LocalSearches { get; } = [];

    /// <summary>Every datagram that the DHT wanted sent.</summary>
    public List<(PeerAddress To, ReadOnlyMemory<byte> Bytes)> Datagrams { get; } = [];

    public List<(SessionCore Session, StoreOrder Order)> Opened { get; } = [];

    public List<(SessionCore? Session, ISessionStore? Store, StoreClosure Closure)> Closures { get; } = [];

    public List<ResumeData> Saved { get; } = [];

    public FakeStore? LastStore { get; private set; }

    public IEnumerable<PeerAddress> DialledAddresses => Dialled.Select(l => l.Remote);

    public int NextLinkId() => ++_lastLink;

    public IPeerLink Dial(int linkId, PeerAddress to, in Handshake ours)
    {
        var link = new FakeLink(linkId, to, isOutbound: true, mailbox);
        Dialled.Add(link);
        return link;
    }

    public FakeLink Inbound(PeerAddress from) => new(NextLinkId(), from, isOutbound: false, mailbox);

    public void SendDatagram(PeerAddress to, ReadOnlyMemory<byte> datagram) => Datagrams.Add((to, datagram));

    public void Announce(int announceId, AnnounceOrder order) => Announces.Add((announceId, order));

    /// <summary>The tracker of an announce answers with these peers.</summary>
    public void Answer((int Id, AnnounceOrder Order) announce, params PeerAddress[] peers)
        => mailbox.Post(new AnnounceEndedMessage(announce.Id, AnnounceResult.FromReply(announce.Order, new AnnounceReply { Peers = peers }, PeerAddress.FromV4(0x0A000001, 80))));

    public void BeginLocalSearch(InfoHash infoHash) => LocalSearches.Add(infoHash);

    public void EndLocalSearch(InfoHash infoHash) => LocalSearches.Remove(infoHash);

    public void Resolve(HostAndPort host)
    {
    }

    public void OpenStore(SessionCore session, StoreOrder order)
    {
        Opened.Add((session, order));
        if (OpensFiles)
            OpenFiles();
    }

    /// <summary>The last order to open files succeeds.</summary>
    public void OpenFiles()
    {
        (SessionCore session, StoreOrder order) = Opened[^1];
        LastStore = new FakeStore(session, mailbox);
        mailbox.Post(new StoreOpenedMessage(session, order.Attempt, LastStore, Files?.Invoke(order), store => Closures.Add((null, store, new StoreClosure(null, SessionEnd.Stop)))));
    }

    public void FailFiles(Exception error) => mailbox.Post(new StoreFailedMessage(Opened[^1].Session, Opened[^1].Order.Attempt, error));

    public void CloseStore(SessionCore? session, ISessionStore? store, StoreClosure closure)
    {
        Closures.Add((session, store, closure));
        if (ClosesFiles && session is not null)
            mailbox.Post(new StoreClosedMessage(session, null));
    }

    public void SaveState(SessionCore session, ResumeData resume)
    {
        Saved.Add(resume);
        if (SavesState)
            mailbox.Post(new StateSavedMessage(session, null));
    }

    /// <summary>How often sockets were to be bound anew.</summary>
    public int Renewals { get; private set; }

    public void RenewSockets() => Renewals++;

    public void SaveDht(DhtSnapshot snapshot)
    {
    }
}
