using System.Net;
using System.Net.NetworkInformation;
using CcBt.Core.Addressing;
using Microsoft.Extensions.Logging;

namespace CcBt.Core.Transport;

/// <summary>
/// Tells when this machine's addresses have changed or may have. It is told too often rather than too seldom; whoever listens compares. Any thread may
/// dispose it; <c>changed</c> is called on any thread.
/// </summary>
internal sealed partial class NetworkWatch : IDisposable
{
    private readonly Action<IReadOnlyList<PeerAddress>> _changed;
    private readonly ILogger _log;
    private volatile bool _isDisposed;

    private NetworkWatch(Action<IReadOnlyList<PeerAddress>> changed, ILogger log)
    {
        _changed = changed;
        _log = log;
    }

    /// <summary>Begins to watch. Where the system tells nothing, that is logged, and the watch is silent.</summary>
    public static NetworkWatch Open(Action<IReadOnlyList<PeerAddress>> changed, ILogger log)
    {
        var watch = new NetworkWatch(changed, log);
        try
        {
            NetworkChange.NetworkAddressChanged += watch.OnAddressChanged;
            NetworkChange.NetworkAvailabilityChanged += watch.OnAvailabilityChanged;
        }
        catch (Exception exception) when (exception is NetworkInformationException or PlatformNotSupportedException)
        {
            LogSilent(log, exception.Message);
        }
        return watch;
    }

    /// <summary>
    /// The addresses, with port 0, of the interfaces that lead to other networks; where none does, of all that are up but loopback. Empty when the system does not say.
    /// </summary>
    public static IReadOnlyList<PeerAddress> Read()
    {
        try
        {
            IPInterfaceProperties[] up = [.. NetworkInterface.GetAllNetworkInterfaces()
                .Where(static n => n.OperationalStatus == OperationalStatus.Up && n.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                .Select(static n => n.GetIPProperties())];
            // Virtual bridges of containers come and go without any effect on what peers see.
            IPInterfaceProperties[] routed = [.. up.Where(HasGateway)];
            return [.. (routed.Length > 0 ? routed : up)
                .SelectMany(static properties => properties.UnicastAddresses)
                .Where(static unicast => !unicast.Address.IsIPv6LinkLocal && !IPAddress.IsLoopback(unicast.Address))
                .Select(static unicast => PeerAddress.From(new IPEndPoint(unicast.Address, 0)))
                .Distinct()];
        }
        catch (Exception exception) when (exception is NetworkInformationException or PlatformNotSupportedException)
        {
            return [];
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        try
        {
            NetworkChange.NetworkAddressChanged -= OnAddressChanged;
            NetworkChange.NetworkAvailabilityChanged -= OnAvailabilityChanged;
        }
        catch (PlatformNotSupportedException)
        {
            // Nothing was subscribed.
        }
    }

    private static bool HasGateway(IPInterfaceProperties properties)
    {
        try
        {
            return properties.GatewayAddresses.Any(static g => !g.Address.Equals(IPAddress.Any) && !g.Address.Equals(IPAddress.IPv6Any));
        }
        catch (PlatformNotSupportedException)
        {
            return false;
        }
    }

    private void OnAddressChanged(object? sender, EventArgs e) => Report();

    private void OnAvailabilityChanged(object? sender, NetworkAvailabilityEventArgs e) => Report();

    private void Report()
    {
        if (!_isDisposed)
            _changed(Read());
    }

    [LoggerMessage(EventId = 4020, Level = LogLevel.Debug, Message = "Changes of the network are not told by this system: {Reason}")]
    private static partial void LogSilent(ILogger log, string reason);
}
