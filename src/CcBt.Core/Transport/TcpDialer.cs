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
    /// <summary>
    /// Begins to connect and returns at once. <see cref="IPeerLinkEvents.Opened"/> follows when the peer has answered our handshake
    /// with one for the same info hash, within 10 seconds each; else <see cref="IPeerLinkEvents.Closed"/>.
    /// </summary>
    public IPeerLink Dial(int linkId, PeerAddress to, in Handshake ours, IPeerLinkEvents events)
    {
        var link = new TcpPeerLink(linkId, to, isOutbound: true, host, events);
        link.Life.TryEnter();
        host.Sweep.Add(link);
        ThreadPool.UnsafeQueueUserWorkItem(
            static work => _ = work.Dialer.ConnectAsync(work.Link, work.Ours), (Dialer: this, Link: link, Ours: ours), preferLocal: false);
        return link;
    }

    private async Task ConnectAsync(TcpPeerLink link, Handshake ours)
    {
        LinkCloseReason onFailure = LinkCloseReason.ConnectFailed;
        try
        {
            Socket socket = Open(link.Remote);
            if (!link.TryAttach(socket))
                return;
            await socket.ConnectAsync(link.Remote.ToEndPoint()).ConfigureAwait(false);
            socket.Blocking = false;
            onFailure = LinkCloseReason.Reset;
            link.Clock.Enter(LinkPhase.Handshaking);
            await HandshakeExchange.SendAsync(socket, ours).ConfigureAwait(false);
            if (await HandshakeExchange.ReceiveAsync(socket).ConfigureAwait(false) is not { } theirs)
                link.Close(LinkCloseReason.HandshakeRefused);
            else if (theirs.InfoHash != ours.InfoHash)
                link.Close(LinkCloseReason.WrongInfoHash);
            else if (theirs.PeerId == ours.PeerId)
                link.Close(LinkCloseReason.ConnectedToSelf);
            else
                link.RaiseOpened(theirs);
        }
        catch (SocketException)
        {
            link.Close(onFailure);
        }
        catch (ObjectDisposedException)
        {
            link.Close(onFailure);
        }
        catch (Exception exception)
        {
            LinkLog.Failed(host.Log, link.Id, link.Remote, exception);
            link.Close(LinkCloseReason.Failed);
        }
        finally
        {
            link.Life.Leave();
        }
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
