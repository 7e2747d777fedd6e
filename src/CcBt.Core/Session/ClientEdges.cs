using System.Net;
using CcBt.Core.Addressing;
using CcBt.Core.Dht;
using CcBt.Core.Storage;
using CcBt.Core.Trackers;
using CcBt.Core.Transport;
using CcBt.Core.Wire;
using Microsoft.Extensions.Logging;

namespace CcBt.Core.Session;

/// <summary>The real edges of a client: its sockets, trackers and files. What happens there is posted to the owner.</summary>
internal sealed class ClientEdges : IClientEdges, IPeerLinkEvents, IDatagramSink, ITrackerEvents, ILocalDiscoveryEvents, IAsyncDisposable
{
    private readonly TorrentClientOptions _options;
    private readonly IMailbox _mailbox;
    private readonly ILogger _logger;
    private readonly LinkHost _links;
    private readonly StoreOpener _stores;
    private readonly StateDirectory? _state;
    private readonly HostResolver _resolver;
    private readonly List<PeerListener> _listeners = [];
    private readonly List<UdpHub> _hubs = [];
    private TcpDialer? _dialer;
    private TrackerEdge? _trackers;
    private LocalDiscoveryService? _local;
    private NetworkWatch? _watch;
    private Task _saving = Task.CompletedTask;
    private int _waitingDatagrams;

    public ClientEdges(TorrentClientOptions options, IMailbox mailbox, StateDirectory? state, ILogger logger)
    {
        _options = options;
        _mailbox = mailbox;
        _logger = logger;
        _state = state;
        _links = new LinkHost(options.TimeProvider, logger);
        _resolver = new HostResolver(new SystemHostLookup(), options.TimeProvider);
        _stores = new StoreOpener(mailbox, state);
    }

    public IReadOnlyList<IPEndPoint> ListenEndPoints => [.. _listeners.Select(l => l.Local)];

    /// <summary>Binds everything. What the core must know of it is posted, to be the first that the owner does.</summary>
    public void Open(OwnAddresses own)
    {
        new ListenSockets(_options, _links, this, _logger).Open(_listeners, _hubs);
        _dialer = new TcpDialer(_links, LocalAddress(isV6: false), LocalAddress(isV6: true));
        foreach (PeerListener listener in _listeners)
        {
            ClientLog.Listening(_logger, listener.Local.ToString());
            own.Add(PeerAddress.From(listener.Local));
        }
        var udp = new UdpTrackerClient(_resolver, _hubs, _options.TimeProvider, new SecureRandom());
        _trackers = new TrackerEdge(new HttpTrackerClient(_resolver, _options.TimeProvider), udp, this);
        foreach (UdpHub hub in _hubs)
        {
            hub.Add(udp);
            hub.Add(this);
        }
        if (_options.EnableLocalDiscovery)
            _local = LocalDiscoveryService.Open([.. _listeners.Select(l => PeerAddress.From(l.Local))], this, new SecureRandom(), _options.TimeProvider, _logger);
        PeerAddress[] listening = [.. _listeners.Select(l => PeerAddress.From(l.Local))];
        List<(bool IsV6, ushort Port, DhtSnapshot? Saved)> families = [];
        foreach (UdpHub hub in _options.EnableDht ? _hubs : [])
        {
            bool isV6 = hub.Local.IsV6;
            if (!families.Exists(f => f.IsV6 == isV6))
                families.Add((isV6, hub.Local.Port, _state?.LoadDht(isV6)));
        }
        IReadOnlyList<PeerAddress> machine = WatchNetwork(listening);
        _mailbox.Post(new CallMessage((core, now) =>
        {
            core.Network.Open(machine);
            core.ListenAddresses = listening;
            foreach ((bool isV6, ushort port, DhtSnapshot? saved) in families)
                core.Dht.Open(isV6, port, saved, now);
        }));
    }

    public void RenewSockets() => ThreadPool.UnsafeQueueUserWorkItem(static edges =>
    {
        foreach (PeerListener listener in edges._listeners)
            listener.Renew();
        foreach (UdpHub hub in edges._hubs)
            hub.Renew();
        edges._local?.Renew();
    }, this, preferLocal: false);

    public int NextLinkId() => _links.NextLinkId();

    public IPeerLink Dial(int linkId, PeerAddress to, in Handshake ours) => _dialer!.Dial(linkId, to, ours, this);

    public void SendDatagram(PeerAddress to, ReadOnlyMemory<byte> datagram)
        => _hubs.Find(h => h.Local.IsV6 == to.IsV6)?.Send(to, datagram);

    public void Announce(int announceId, AnnounceOrder order) => _trackers!.Announce(order, announceId);

    public void BeginLocalSearch(InfoHash infoHash) => _local?.Add(infoHash);

    public void EndLocalSearch(InfoHash infoHash) => _local?.Remove(infoHash);

    public void Resolve(HostAndPort host) => _ = ResolveAsync(host);

    public void OpenStore(SessionCore session, StoreOrder order) => _stores.Open(session, order);

    public void CloseStore(SessionCore? session, ISessionStore? store, StoreClosure closure) => _stores.Close(session, (SessionStore?)store, closure);

    public void SaveState(SessionCore session, ResumeData resume) => _stores.Save(session, resume);

    public void SaveDht(DhtSnapshot snapshot)
    {
        if (_state is not null)
            _saving = _state.SaveDhtAsync(snapshot);
    }

    public void Opened(IPeerLink link, in Handshake theirs) => _mailbox.Post(new LinkOpenedMessage(link, theirs));

    public void Arrived(IPeerLink link, in Handshake theirs) => _mailbox.Post(new LinkArrivedMessage(link, theirs));

    public void Reported(IPeerLink link, PeerReport report)
    {
        if (!_mailbox.Post(new LinkReportMessage(link, report)))
            report.Return();
    }

    public void Drained() => _mailbox.Ring();

    public void Closed(IPeerLink link, LinkCloseReason reason) => _mailbox.Post(new LinkClosedMessage(link, reason));

    public void AnnounceEnded(int announceId, AnnounceResult result) => _mailbox.Post(new AnnounceEndedMessage(announceId, result));

    public void LocalPeerFound(InfoHash infoHash, PeerAddress peer) => _mailbox.Post(new LocalPeerMessage(infoHash, peer));

    /// <summary>A datagram for the DHT. The queue to the owner is bounded: what does not fit is lost, as in a full socket buffer.</summary>
    public bool Receive(UdpHub hub, PeerAddress from, ReadOnlyMemory<byte> datagram)
    {
        if (!_options.EnableDht || datagram.Length == 0 || datagram.Span[0] != (byte)'d')
            return false;
        if (Interlocked.Increment(ref _waitingDatagrams) > Limits.WaitingDatagrams)
            ReleaseDatagram();
        else
            _mailbox.Post(new DatagramMessage(from, datagram.ToArray(), ReleaseDatagram));
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        _watch?.Dispose();
        foreach (PeerListener listener in _listeners)
            listener.Dispose();
        if (_trackers is not null)
            await _trackers.DisposeAsync().ConfigureAwait(false);
        if (_local is not null)
            await _local.DisposeAsync().ConfigureAwait(false);
        foreach (UdpHub hub in _hubs)
            await hub.DisposeAsync().ConfigureAwait(false);
        // The tables of the DHT are a help for the next start, and no reason to wait for a disk that hangs.
        await _saving.WaitAsync(TimeSpan.FromSeconds(Limits.CloseSeconds), _options.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _links.Dispose();
        _resolver.Dispose();
        _stores.Dispose();
    }

    /// <summary>A client that listens on loopback alone has no network that could change.</summary>
    private IReadOnlyList<PeerAddress> WatchNetwork(PeerAddress[] listening)
    {
        if (Array.TrueForAll(listening, static a => a.Classify() == AddressClass.Loopback))
            return [];
        // Read behind the subscription, so that no change falls between the two.
        _watch = NetworkWatch.Open(addresses => _mailbox.Post(new AddressesMessage(addresses)), _logger);
        return NetworkWatch.Read();
    }

    private void ReleaseDatagram() => Interlocked.Decrement(ref _waitingDatagrams);

    private IPAddress? LocalAddress(bool isV6)
        => _listeners.Find(l => PeerAddress.From(l.Local).IsV6 == isV6)?.Local.Address;

    private async Task ResolveAsync(HostAndPort host)
    {
        IReadOnlyList<PeerAddress> addresses = [];
        try
        {
            addresses = await _resolver.ResolveAsync(host.Host, (ushort)host.Port, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is System.Net.Sockets.SocketException or OperationCanceledException or TimeoutException)
        {
            ClientLog.RouterFailed(_logger, host.ToString(), exception.Message);
        }
        _mailbox.Post(new HostResolvedMessage(host, addresses));
    }
}
