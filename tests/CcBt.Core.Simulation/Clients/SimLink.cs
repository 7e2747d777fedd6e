using CcBt.Core.Addressing;
using CcBt.Core.Simulation.Net;
using CcBt.Core.Simulation.Time;
using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Simulation.Clients;

/// <summary>
/// A peer over a simulated stream. Everything but the socket is the library's: the decoder and its bytes, leases, upload queue,
/// reports, time limits.
/// </summary>
internal sealed class SimLink : IPeerLink, ISocketUser
{
    private readonly World _world;
    private readonly LinkLife _life;
    private readonly LinkClock _clock;
    private readonly LeaseTable _leases;
    private readonly UploadQueue _uploads = new();
    private readonly LinkReporter _reporter;
    private readonly SimSender _sender;
    private readonly SimEdges _edges;
    private readonly Handshake _ours;
    private readonly List<byte> _early = [];
    private SimSocket? _socket;
    private PeerReader? _reader;
    private LinkInbox? _inbox;
    private LinkThrottle _down = LinkThrottle.None;
    private LinkLayout? _layout;
    private bool _useFast, _isKnown, _isFlowing;
    private long _receivedBytes;

    public SimLink(int id, PeerAddress remote, bool isOutbound, SimEdges edges, in Handshake ours)
    {
        Id = id;
        Remote = remote;
        IsOutbound = _isKnown = isOutbound;
        _edges = edges;
        _ours = ours;
        _world = edges.World;
        _life = new LinkLife(Finish);
        _life.TryEnter();
        _clock = new LinkClock(edges.Sweep);
        _leases = new LeaseTable(id);
        _reporter = new LinkReporter(this, _leases, edges);
        _sender = new SimSender(_world, _life, _clock, _uploads);
    }

    public int Id { get; }

    public PeerAddress Remote { get; }

    public bool IsOutbound { get; }

    public PeerAddress? LocalAddress => _socket is { IsOpen: true } open ? open.LocalAddress.WithPort(0) : null;

    public bool IsClosed => _life.IsClosed;

    public bool IsHalfOpen => _clock.Phase is LinkPhase.Connecting or LinkPhase.Handshaking;

    public int SecondsInPhase => _clock.SecondsInPhase;

    public LinkTraffic Traffic => new(_reader?.PayloadBytes ?? 0, _sender.SentPayloadBytes, _receivedBytes, _sender.SentBytes);

    /// <summary>An inbound stream begins.</summary>
    public void Attach(SimSocket socket)
    {
        _socket = socket;
        _clock.Enter(LinkPhase.Handshaking);
    }

    public void Connected(SimSocket socket)
    {
        _socket = socket;
        if (_life.IsClosed)
        {
            socket.Close(isReset: true);
            return;
        }
        _clock.Enter(LinkPhase.Handshaking);
        byte[] opening = new byte[Handshake.Length];
        _ours.Write(opening);
        socket.Send(opening);
    }

    public void Refused() => Close(LinkCloseReason.ConnectFailed);

    public void Ended(bool isReset) => Close(isReset ? LinkCloseReason.Reset : LinkCloseReason.Remote);

    public void Drained() => _sender.Drained();

    public void Received(ReadOnlyMemory<byte> bytes)
    {
        if (_life.IsClosed)
            return;
        _receivedBytes += bytes.Length;
        if (!_isFlowing)
            Gather(bytes.Span);
        else
            Feed(bytes.Span);
    }

    public void Accept(in Handshake ours, in LinkPlan plan)
    {
        if (_reader is not null || _life.IsClosed || _clock.Phase != LinkPhase.Waiting)
            return;
        _useFast = plan.UseFast;
        Span<byte> opening = stackalloc byte[Handshake.Length];
        ours.Write(opening);
        _inbox = new LinkInbox(_life, _leases, _uploads, _reporter, _sender, plan.UseFast);
        _reader = new PeerReader(new SelectiveInbox(_inbox, _edges.Habits), plan.UseFast);
        if (_layout is { } layout)
            _reader.SetPieceCount(layout.PieceCount);
        _down = new LinkThrottle(plan.Budget.ClientDown, plan.Budget.SessionDown);
        _clock.Enter(LinkPhase.Running);
        _sender.Begin(_socket!, new LinkThrottle(plan.Budget.ClientUp, plan.Budget.SessionUp), plan.UseFast, IsOutbound ? [] : opening);
        // The receive loop begins later, as the real one does: what the owner still says in this step counts for it.
        _world.After(TimeSpan.FromMicroseconds(30), () =>
        {
            _isFlowing = true;
            byte[] early = [.. _early];
            _early.Clear();
            if (!_life.IsClosed && early.Length > 0)
                Feed(early);
        });
    }

    public void SetLayout(in LinkLayout layout)
    {
        _layout = layout;
        _uploads.SetLayout(layout);
        _reader?.SetPieceCount(layout.PieceCount);
    }

    public void Send(in PeerMessage message)
    {
        PeerMessage said = message;
        if (_life.IsClosed || !_edges.Habits.MaySend(ref said))
            return;
        _sender.Enqueue(said);
        _sender.FlushSoon();
    }

    public void Lease(ReadOnlySpan<BlockLease> leases, int reportMark)
    {
        if (_life.IsClosed)
            return;
        foreach (ref readonly BlockLease lease in leases)
        {
            if (_leases.TryAdd(lease))
                _sender.Enqueue(PeerMessage.Request(lease.Block));
        }
        _leases.SetMark(reportMark);
        _sender.FlushSoon();
    }

    public void Cancel(ReadOnlySpan<BlockAddress> blocks)
    {
        foreach (ref readonly BlockAddress block in blocks)
        {
            if (_leases.TryCancel(block))
                _sender.Enqueue(PeerMessage.Cancel(block));
        }
        _sender.FlushSoon();
    }

    public void Unchoke(IBlockSource source)
    {
        _uploads.Unchoke(source);
        Send(new PeerMessage(PeerMessageKind.Unchoke));
    }

    public void AllowFast(IBlockSource source, ReadOnlySpan<int> pieces)
    {
        _uploads.AllowFast(source, pieces);
        foreach (int piece in pieces)
            Send(PeerMessage.AllowedFast(piece));
    }

    public void Choke()
    {
        List<BlockAddress> dropped = [];
        _uploads.Choke(dropped);
        Send(new PeerMessage(PeerMessageKind.Choke));
        if (!_useFast)
            return;
        foreach (BlockAddress block in dropped)
            Send(PeerMessage.Reject(block));
    }

    public void FlushReport() => _reporter.Flush();

    public void Close(LinkCloseReason reason)
    {
        if (!_life.Close(reason))
            return;
        _socket?.Close(reason is LinkCloseReason.ProtocolError or LinkCloseReason.Failed);
        // The loops of a real link leave a moment later.
        _world.After(TimeSpan.FromMicroseconds(10 + _world.Random.Next(200)), _life.Leave);
    }

    /// <summary>The machine runs again.</summary>
    public void Thaw() => _socket?.Thaw();

    /// <summary>The machine is gone.</summary>
    public void Vanish() => _socket?.Vanish();

    /// <summary>Once a second, as the real sweep does.</summary>
    public void Check()
    {
        if (_clock.Expired() is { } reason)
        {
            Close(reason);
        }
        else if (_clock.NeedsKeepAlive)
        {
            Send(new PeerMessage(PeerMessageKind.KeepAlive));
            _clock.Sent();
        }
    }

    private void Gather(ReadOnlySpan<byte> bytes)
    {
        _early.AddRange(bytes);
        if (_clock.Phase != LinkPhase.Handshaking)
            return;
        byte[] so = [.. _early.Take(Handshake.Length)];
        if (!Handshake.CanBegin(so))
        {
            Close(LinkCloseReason.HandshakeRefused);
            return;
        }
        if (!Handshake.TryRead(so, out Handshake theirs))
            return;
        _early.RemoveRange(0, Handshake.Length);
        if (IsOutbound && theirs.InfoHash != _ours.InfoHash)
        {
            Close(LinkCloseReason.WrongInfoHash);
            return;
        }
        if (IsOutbound && theirs.PeerId == _ours.PeerId)
        {
            Close(LinkCloseReason.ConnectedToSelf);
            return;
        }
        _clock.Enter(LinkPhase.Waiting);
        _isKnown = true;
        if (IsOutbound)
            _edges.Opened(this, theirs);
        else
            _edges.Arrived(this, theirs);
    }

    private void Feed(ReadOnlySpan<byte> bytes)
    {
        // A stream may be cut anywhere.
        int cut = _world.Random.Next(bytes.Length + 1);
        long payloadBefore = _reader!.PayloadBytes;
        Take(bytes[..cut]);
        Take(bytes[cut..]);
        TimeSpan wait = _down.Draw((int)(_reader.PayloadBytes - payloadBefore));
        if (wait <= TimeSpan.Zero || _life.IsClosed)
            return;
        _clock.Hold();
        _socket!.Pause();
        _world.After(wait, () =>
        {
            _clock.Resume();
            _socket.Resume();
        });
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (_life.IsClosed || bytes.Length == 0)
            return;
        bool isFine = _reader!.Receive(bytes, out _);
        _clock.Received(bytes.Length, _reader.IsMidMessage, _reader.MessageCount);
        if (_inbox!.EndReceive())
            _sender.FlushSoon();
        if (!isFine)
            Close(LinkCloseReason.ProtocolError);
    }

    private void Finish()
    {
        _leases.GiveUp();
        _uploads.Close();
        _reporter.Close();
        _edges.Forget(this);
        if (_isKnown)
            _edges.Closed(this, _life.Reason);
    }
}
