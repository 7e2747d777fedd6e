using System.Net;
using System.Net.Sockets;
using CcBt.Core.Addressing;
using CcBt.Core.Wire;

namespace CcBt.Core.Transport;

/// <summary>A peer over TCP. The owner's calls queue and return; the loops of the link do the rest.</summary>
internal sealed class TcpPeerLink : IPeerLink
{
    private readonly LinkHost _host;
    private readonly IPeerLinkEvents _events;
    private readonly LinkParts _parts;
    private Socket? _socket;
    private SocketWait? _receives;
    private PeerReader? _reader;
    private LinkReceiver? _receiver;
    private LinkLayout? _layout;
    private bool _useFast;
    private bool _isKnown;

    public TcpPeerLink(int id, PeerAddress remote, bool isOutbound, LinkHost host, IPeerLinkEvents events)
    {
        Id = id;
        Remote = remote;
        IsOutbound = isOutbound;
        _host = host;
        _events = events;
        _isKnown = isOutbound;
        var life = new LinkLife(Finish);
        var clock = new LinkClock(host.Sweep);
        var leases = new LeaseTable(id);
        var uploads = new UploadQueue();
        _parts = new LinkParts(life, clock, leases, uploads, new LinkReporter(this, leases, events), new LinkSender(this, life, clock, uploads, host));
    }

    public int Id { get; }

    public PeerAddress Remote { get; }

    public bool IsOutbound { get; }

    public PeerAddress? LocalAddress
    {
        get
        {
            try
            {
                return _socket is { Connected: true, LocalEndPoint: IPEndPoint local } ? PeerAddress.From(local).WithPort(0) : null;
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return null;
            }
        }
    }

    /// <summary>Nobody has awaited the socket yet: no event of the runtime's socket engine is spent on it.</summary>
    public bool IsUnwatched { get; set; }

    /// <summary>What the receive loop awaits its socket with; also the handshake before it.</summary>
    public SocketWait Receives => _receives ??= new SocketWait();

    public LinkLife Life => _parts.Life;

    public LinkClock Clock => _parts.Clock;

    public LinkTraffic Traffic => new(
        _receiver?.ReceivedPayloadBytes ?? 0, _parts.Sender.SentPayloadBytes, _receiver?.ReceivedBytes ?? 0, _parts.Sender.SentBytes);

    /// <summary>Gives the link its socket. False, and the socket is disposed, when the link is closed already.</summary>
    public bool TryAttach(Socket socket)
    {
        _socket = socket;
        return Life.TryAttach(socket);
    }

    /// <summary>The outbound handshakes are exchanged.</summary>
    public void RaiseOpened(in Handshake theirs)
    {
        Clock.Enter(LinkPhase.Waiting);
        if (!Life.IsClosed)
            _events.Opened(this, theirs);
    }

    /// <summary>The inbound handshake has come.</summary>
    public void RaiseArrived(in Handshake theirs)
    {
        Clock.Enter(LinkPhase.Waiting);
        if (Life.IsClosed)
            return;
        // The caller is a loop of the link, so its end comes after this.
        _isKnown = true;
        _events.Arrived(this, theirs);
    }

    public void Accept(in Handshake ours, in LinkPlan plan)
    {
        if (_receiver is not null || Life.IsClosed || Clock.Phase != LinkPhase.Waiting)
            return;
        _useFast = plan.UseFast;
        Span<byte> opening = stackalloc byte[Handshake.Length];
        ours.Write(opening);
        var inbox = new LinkInbox(Life, _parts.Leases, _parts.Uploads, _parts.Reporter, _parts.Sender, plan.UseFast);
        _reader = new PeerReader(inbox, plan.UseFast);
        if (_layout is { } layout)
            _reader.SetPieceCount(layout.PieceCount);
        var down = new LinkThrottle(plan.Budget.ClientDown, plan.Budget.SessionDown);
        var up = new LinkThrottle(plan.Budget.ClientUp, plan.Budget.SessionUp);
        _receiver = new LinkReceiver(this, _socket!, _reader, inbox, _parts, down, _host);
        Clock.Enter(LinkPhase.Running);
        _parts.Sender.Begin(_socket!, up, plan.UseFast, IsOutbound ? [] : opening);
        _receiver.Start();
    }

    public void SetLayout(in LinkLayout layout)
    {
        _layout = layout;
        _parts.Uploads.SetLayout(layout);
        _reader?.SetPieceCount(layout.PieceCount);
    }

    public void Send(in PeerMessage message)
    {
        if (Life.IsClosed)
            return;
        _parts.Sender.Enqueue(message);
        _parts.Sender.FlushSoon();
    }

    public void Lease(ReadOnlySpan<BlockLease> leases, int reportMark)
    {
        if (Life.IsClosed)
            return;
        foreach (ref readonly BlockLease lease in leases)
        {
            if (_parts.Leases.TryAdd(lease))
                _parts.Sender.Enqueue(PeerMessage.Request(lease.Block));
        }
        _parts.Leases.SetMark(reportMark);
        _parts.Sender.Flush();
    }

    public void Cancel(ReadOnlySpan<BlockAddress> blocks)
    {
        foreach (ref readonly BlockAddress block in blocks)
        {
            if (_parts.Leases.TryCancel(block))
                _parts.Sender.Enqueue(PeerMessage.Cancel(block));
        }
        _parts.Sender.FlushSoon();
    }

    public void Unchoke(IBlockSource source)
    {
        _parts.Uploads.Unchoke(source);
        Send(new PeerMessage(PeerMessageKind.Unchoke));
    }

    public void AllowFast(IBlockSource source, ReadOnlySpan<int> pieces)
    {
        _parts.Uploads.AllowFast(source, pieces);
        foreach (int piece in pieces)
            Send(PeerMessage.AllowedFast(piece));
    }

    public void Choke()
    {
        List<BlockAddress> dropped = [];
        _parts.Uploads.Choke(dropped);
        Send(new PeerMessage(PeerMessageKind.Choke));
        if (!_useFast)
            return;
        foreach (BlockAddress block in dropped)
            Send(PeerMessage.Reject(block));
    }

    public void FlushReport() => _parts.Reporter.Flush();

    public void Close(LinkCloseReason reason) => Life.Close(reason);

    /// <summary>The sweep looks at the link once a second.</summary>
    public void Check()
    {
        if (Clock.Expired() is { } reason)
        {
            Life.Close(reason);
        }
        else if (Clock.NeedsKeepAlive)
        {
            Send(new PeerMessage(PeerMessageKind.KeepAlive));
            Clock.Sent();
        }
    }

    private void Finish()
    {
        try
        {
            _parts.Leases.GiveUp();
        }
        finally
        {
            _receives?.Dispose();
            _parts.Sender.Release();
            _parts.Uploads.Close();
            _parts.Reporter.Close();
            _host.Sweep.Remove(this);
            if (_isKnown)
                _events.Closed(this, Life.Reason);
        }
    }
}
