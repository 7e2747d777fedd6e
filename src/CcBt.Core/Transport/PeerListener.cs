using System.Net;
using System.Net.Sockets;
using CcBt.Core.Addressing;
using CcBt.Core.Wire;

namespace CcBt.Core.Transport;

/// <summary>
/// Accepts connections. A stranger gets 10 seconds for its handshake and learns nothing; then <see cref="IPeerLinkEvents.Arrived"/>
/// asks the owner. A connection that fails before it has arrived is not reported.
/// </summary>
internal sealed class PeerListener : IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly LinkHost _host;
    private readonly IPeerLinkEvents _events;
    private readonly HalfOpenLinks _halfOpen;
    private volatile bool _isDisposed;

    private PeerListener(Socket socket, LinkHost host, IPeerLinkEvents events)
    {
        _socket = socket;
        _host = host;
        _events = events;
        _halfOpen = new HalfOpenLinks(host.Time);
        Local = (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <summary>The bound address with the port that the system gave.</summary>
    public IPEndPoint Local { get; }

    /// <summary>Inbound connections whose handshake has not come.</summary>
    public int HalfOpenCount => _halfOpen.Count;

    /// <summary>Binds and begins to accept. An IPv6 listener takes IPv6 only, so that both families can have the same port.</summary>
    /// <exception cref="SocketException">The endpoint cannot be bound.</exception>
    public static PeerListener Open(IPEndPoint local, LinkHost host, IPeerLinkEvents events)
    {
        var socket = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (local.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            socket.Bind(local);
            socket.Listen(Limits.ListenBacklog);
            var listener = new PeerListener(socket, host, events);
            ThreadPool.UnsafeQueueUserWorkItem(static l => _ = l.AcceptAsync(), listener, preferLocal: false);
            return listener;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Accepts no more; links that have arrived go on.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_isDisposed)
        {
            try
            {
                Begin(await _socket.AcceptAsync().ConfigureAwait(false));
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception)
            {
                if (_isDisposed)
                    return;
                // Out of handles, or a peer that went before it was accepted.
                LinkLog.AcceptFailed(_host.Log, PeerAddress.From(Local), exception.SocketErrorCode);
                await Task.Delay(RetryDelay, _host.Time).ConfigureAwait(false);
            }
        }
    }

    private void Begin(Socket socket)
    {
        if (!TryGetRemote(socket, out PeerAddress remote))
        {
            socket.Dispose();
            return;
        }
        var link = new TcpPeerLink(_host.NextLinkId(), remote, isOutbound: false, _host, _events);
        if (!_halfOpen.TryAdd(link, out TcpPeerLink? evicted))
        {
            socket.Dispose();
            return;
        }
        evicted?.Close(LinkCloseReason.HandshakeTimeout);
        link.Life.TryEnter();
        link.TryAttach(socket);
        link.Clock.Enter(LinkPhase.Handshaking);
        _host.Sweep.Add(link);
        _ = ReceiveHandshakeAsync(link, socket);
    }

    private async Task ReceiveHandshakeAsync(TcpPeerLink link, Socket socket)
    {
        Handshake? theirs = null;
        try
        {
            theirs = await HandshakeExchange.ReceiveAsync(socket).ConfigureAwait(false);
            if (theirs is null)
                link.Close(LinkCloseReason.HandshakeRefused);
        }
        catch (SocketException)
        {
            link.Close(LinkCloseReason.Reset);
        }
        catch (ObjectDisposedException)
        {
            link.Close(LinkCloseReason.Reset);
        }
        finally
        {
            _halfOpen.Remove(link);
            if (theirs is { } handshake)
                link.RaiseArrived(handshake);
            link.Life.Leave();
        }
    }

    // A peer may be gone again by now.
    private static bool TryGetRemote(Socket socket, out PeerAddress remote)
    {
        remote = default;
        try
        {
            socket.NoDelay = true;
            socket.Blocking = false;
            if (socket.RemoteEndPoint is not IPEndPoint endPoint)
                return false;
            remote = PeerAddress.From(endPoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
