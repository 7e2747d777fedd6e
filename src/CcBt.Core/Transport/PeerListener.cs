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
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private readonly LinkHost _host;
    private readonly IPeerLinkEvents _events;
    private readonly HalfOpenLinks _halfOpen;
    private Socket? _socket;
    private readonly CancellationTokenSource _closing = new();
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
        var listener = new PeerListener(Bind(local), host, events);
        ThreadPool.UnsafeQueueUserWorkItem(static l => _ = l.AcceptAsync(), listener, preferLocal: false);
        return listener;
    }

    /// <summary>
    /// Binds the same address and port with a new socket, as is needed when the system took the old one away with an interface or in its sleep. When that
    /// does not work yet, it is tried again until it does. Links go on.
    /// </summary>
    public void Renew()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _socket?.Dispose();
            _socket = null;
            TryBind();
        }
    }

    /// <summary>Accepts no more; links that have arrived go on.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _socket?.Dispose();
        }
        // A loop that waits to bind again ends now.
        _closing.Cancel();
    }

    private static Socket Bind(IPEndPoint local)
    {
        var socket = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (local.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            socket.Bind(local);
            socket.Listen(Limits.ListenBacklog);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private void TryBind()
    {
        try
        {
            _socket = Bind(Local);
        }
        catch (SocketException exception)
        {
            LinkLog.AcceptFailed(_host.Log, PeerAddress.From(Local), exception.SocketErrorCode);
        }
    }

    /// <summary>The socket to accept from; null when it cannot be bound at the moment.</summary>
    private Socket? Current()
    {
        lock (_gate)
        {
            if (_socket is null && !_isDisposed)
                TryBind();
            return _socket;
        }
    }

    private async Task AcceptAsync()
    {
        TimeSpan delay = RetryDelay;
        while (!_isDisposed)
        {
            Socket? socket = Current();
            try
            {
                if (socket is not null)
                {
                    Begin(await socket.AcceptAsync().ConfigureAwait(false));
                    delay = RetryDelay;
                    continue;
                }
            }
            catch (ObjectDisposedException)
            {
                // Renewed, or the end.
                continue;
            }
            catch (SocketException exception)
            {
                if (_isDisposed)
                    return;
                if (exception.SocketErrorCode == SocketError.OperationAborted)
                    continue;
                // Out of handles, or a peer that went before it was accepted.
                LinkLog.AcceptFailed(_host.Log, PeerAddress.From(Local), exception.SocketErrorCode);
            }
            await Task.Delay(delay, _host.Time, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = delay * 2 < LongestRetryDelay ? delay * 2 : LongestRetryDelay;
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
        HandshakeAnswer answer = new(null, LinkCloseReason.Reset);
        try
        {
            answer = await HandshakeExchange.ReceiveAsync(socket, link.Receives).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The link was closed before the receive began.
        }
        finally
        {
            _halfOpen.Remove(link, hasArrived: answer.Theirs is not null);
            if (answer.Theirs is { } theirs)
                link.RaiseArrived(theirs);
            else
                link.Close(answer.Failure);
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
