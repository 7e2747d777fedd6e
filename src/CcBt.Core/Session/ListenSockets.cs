using System.Net;
using System.Net.Sockets;
using CcBt.Core.Transport;
using Microsoft.Extensions.Logging;

namespace CcBt.Core.Session;

/// <summary>
/// Binds the listen addresses, TCP and UDP with the same port. A family that the system does not have is passed over as long as another
/// address can be bound; any other failure is the caller's to hear.
/// </summary>
internal sealed class ListenSockets(TorrentClientOptions options, LinkHost links, ClientEdges edges, ILogger logger)
{
    /// <summary>How often a chosen port is tried anew when the other protocol has it taken.</summary>
    private const int PortTries = 20;

    public void Open(List<PeerListener> listeners, List<UdpHub> hubs)
    {
        SocketException? first = null;
        foreach (IPEndPoint endPoint in options.ListenEndPoints)
        {
            try
            {
                // One port for all families keeps what we announce of ourselves simple.
                int wish = endPoint.Port == 0 && listeners.Count > 0 && options.ListenEndPoints.All(e => e.Port == 0) && IsAny(endPoint) ? listeners[0].Local.Port : endPoint.Port;
                OpenPair(endPoint, wish, listeners, hubs);
            }
            catch (SocketException exception) when (IsAny(endPoint) && exception.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable)
            {
                first ??= exception;
            }
            catch (SocketException exception)
            {
                throw Failed(endPoint, exception);
            }
        }
        if (listeners.Count == 0)
            throw Failed(options.ListenEndPoints[0], first!);
    }

    private static bool IsAny(IPEndPoint endPoint) => endPoint.Address.Equals(IPAddress.Any) || endPoint.Address.Equals(IPAddress.IPv6Any);

    private static TorrentNetworkException Failed(IPEndPoint endPoint, SocketException exception) => new(
        TorrentErrorCode.BindFailed,
        $"{endPoint} cannot be listened on ({exception.SocketErrorCode}). Choose another address or port in {nameof(TorrentClientOptions.ListenEndPoints)}, or port 0.",
        endPoint.ToString(), isTransient: exception.SocketErrorCode == SocketError.AddressAlreadyInUse, exception);

    private void OpenPair(IPEndPoint endPoint, int wish, List<PeerListener> listeners, List<UdpHub> hubs)
    {
        for (int attempt = 1; ; attempt++)
        {
            PeerListener? listener = null;
            try
            {
                listener = PeerListener.Open(new IPEndPoint(endPoint.Address, wish), links, edges);
                hubs.Add(UdpHub.Open(listener.Local, links.Time, logger));
                listeners.Add(listener);
                return;
            }
            catch (SocketException exception) when (endPoint.Port == 0 && attempt < PortTries && exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                listener?.Dispose();
                wish = 0;
            }
            catch
            {
                listener?.Dispose();
                throw;
            }
        }
    }
}
