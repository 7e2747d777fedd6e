using System.Net;
using System.Net.Sockets;
using CcBt.Core.Addressing;
using CcBt.Core.Wire;

namespace CcBt.Core.Transport;

/// <summary>
/// Connects to peers, many at once, from the addresses that the client listens on; null or "any" lets the system choose. Thread-safe.
/// </summary>
internal sealed class TcpDialer(LinkHost host, IPAddress? localV4 = null, IPAddress? localV6 = null)
{
    private int _threads;

    /// <summary>
    /// Begins to connect and returns at once. <see cref="IPeerLinkEvents.Opened"/> follows when the peer has answered our handshake
    /// with one for the same info hash, within 10 seconds each; else <see cref="IPeerLinkEvents.Closed"/>.
    /// </summary>
    public IPeerLink Dial(int linkId, PeerAddress to, in Handshake ours, IPeerLinkEvents events)
    {
        var link = new TcpPeerLink(linkId, to, isOutbound: true, host, events);
        link.Life.TryEnter();
        host.Sweep.Add(link);
        if (Interlocked.Increment(ref _threads) <= Limits.DialThreads)
        {
            Handshake copy = ours;
            LoopThread.Start("CcBt dial", () => Run(link, copy));
            return link;
        }
        Interlocked.Decrement(ref _threads);
        ThreadPool.UnsafeQueueUserWorkItem(
            static work => _ = work.Dialer.ConnectAsync(work.Link, work.Ours), (Dialer: this, Link: link, Ours: ours), preferLocal: false);
        return link;
    }

    private void Run(TcpPeerLink link, in Handshake ours)
    {
        Connect(link, ours);
        Interlocked.Decrement(ref _threads);
    }

    // A socket that nobody has awaited is unknown to the runtime's socket engine, which else wakes two threads for whatever comes,
    // also when another one reads it. Whoever closes the link ends the waits in here.
    private void Connect(TcpPeerLink link, in Handshake ours)
    {
        LinkCloseReason onFailure = LinkCloseReason.ConnectFailed;
        try
        {
            Socket socket = Open(link.Remote);
            if (!link.TryAttach(socket))
                return;
            socket.Connect(link.Remote.ToEndPoint());
            onFailure = LinkCloseReason.Reset;
            link.Clock.Enter(LinkPhase.Handshaking);
            HandshakeExchange.Send(socket, ours);
            Handshake? theirs = HandshakeExchange.Receive(socket);
            socket.Blocking = false;
            link.IsUnwatched = true;
            Judge(link, ours, new HandshakeAnswer(theirs));
        }
        catch (Exception exception)
        {
            Fail(link, exception, onFailure);
        }
        finally
        {
            link.Life.Leave();
        }
    }

    private async Task ConnectAsync(TcpPeerLink link, Handshake ours)
    {
        LinkCloseReason onFailure = LinkCloseReason.ConnectFailed;
        try
        {
            Socket socket = Open(link.Remote);
            if (!link.TryAttach(socket))
                return;
            if (await link.Receives.ConnectAsync(socket, link.Remote.ToEndPoint()).ConfigureAwait(false) != SocketError.Success)
            {
                link.Close(onFailure);
                return;
            }
            socket.Blocking = false;
            onFailure = LinkCloseReason.Reset;
            link.Clock.Enter(LinkPhase.Handshaking);
            HandshakeExchange.Send(socket, ours);
            Judge(link, ours, await HandshakeExchange.ReceiveAsync(socket, link.Receives).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            Fail(link, exception, onFailure);
        }
        finally
        {
            link.Life.Leave();
        }
    }

    private static void Judge(TcpPeerLink link, in Handshake ours, in HandshakeAnswer answer)
    {
        if (answer.Theirs is not { } theirs)
            link.Close(answer.Failure);
        else if (theirs.InfoHash != ours.InfoHash)
            link.Close(LinkCloseReason.WrongInfoHash);
        else if (theirs.PeerId == ours.PeerId)
            link.Close(LinkCloseReason.ConnectedToSelf);
        else
            link.RaiseOpened(theirs);
    }

    private void Fail(TcpPeerLink link, Exception exception, LinkCloseReason onFailure)
    {
        if (exception is SocketException or ObjectDisposedException)
        {
            link.Close(onFailure);
            return;
        }
        LinkLog.Failed(host.Log, link.Id, link.Remote, exception);
        link.Close(LinkCloseReason.Failed);
    }

    private Socket Open(PeerAddress to)
    {
        var socket = new Socket(to.Family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        IPAddress? local = to.IsV6 ? localV6 : localV4;
        if (local is null || local.Equals(IPAddress.Any) || local.Equals(IPAddress.IPv6Any))
            return socket;
        try
        {
            socket.Bind(new IPEndPoint(local, 0));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }
}
