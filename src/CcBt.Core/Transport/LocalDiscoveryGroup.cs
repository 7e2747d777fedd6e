using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using CcBt.Core.Addressing;
using CcBt.Core.Trackers;

namespace CcBt.Core.Transport;

/// <summary>The multicast sockets of one address family: one that hears the group on all interfaces, and one to speak on each.</summary>
internal sealed class LocalDiscoveryGroup : IDisposable
{
    private const int TimeToLive = 4;
    private readonly List<(Socket Socket, ushort Port)> _speakers = [];
    private readonly List<string> _failures = [];
    private readonly IPEndPoint _group;
    private Socket? _listener;

    public LocalDiscoveryGroup(bool isV6)
    {
        IsV6 = isV6;
        _group = new IPEndPoint(IPAddress.Parse(isV6 ? LocalDiscoveryMessage.Group6 : LocalDiscoveryMessage.Group4), LocalDiscoveryMessage.GroupPort);
    }

    public bool IsV6 { get; }

    /// <summary>Hears the group; null when that could not be opened.</summary>
    public Socket? Listener => _listener;

    /// <summary>What could not be opened, in words for a person.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>Interfaces that are spoken on.</summary>
    public int Interfaces => _speakers.Count;

    /// <summary>Opens for these listen addresses of the family; an unspecified one stands for all interfaces but loopback.</summary>
    public void Open(IEnumerable<PeerAddress> listen)
    {
        _failures.Clear();
        PeerAddress[] locals = [.. listen.Where(address => address.IsV6 == IsV6)];
        if (locals.Length == 0)
            return;
        Try("listen on the group", () => _listener = OpenListener());
        foreach ((IPAddress address, int index, ushort port) in locals.SelectMany(Expand).DistinctBy(i => i.Address).Take(Limits.LocalDiscoveryInterfaces))
        {
            Try($"join on {address}", () => Join(address, index));
            Try($"speak on {address}", () => _speakers.Add((OpenSpeaker(address, index), port)));
        }
    }

    public void Send(ReadOnlySpan<InfoHash> hashes, string cookie)
    {
        foreach ((Socket socket, ushort port) in _speakers)
        {
            try
            {
                socket.SendTo(LocalDiscoveryMessage.Build(hashes, port, cookie, IsV6), _group);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The interface went down; the next round tries again.
            }
        }
    }

    public void Dispose()
    {
        _listener?.Dispose();
        _listener = null;
        foreach ((Socket socket, _) in _speakers)
            socket.Dispose();
        _speakers.Clear();
    }

    private Socket OpenListener()
    {
        Socket socket = NewSocket();
        try
        {
            // Other clients on this machine listen there as well.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(IsV6 ? IPAddress.IPv6Any : IPAddress.Any, LocalDiscoveryMessage.GroupPort));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private Socket OpenSpeaker(IPAddress address, int index)
    {
        Socket socket = NewSocket();
        try
        {
            if (IsV6)
                socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, index);
            else
                socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, address.GetAddressBytes());
            SocketOptionLevel level = IsV6 ? SocketOptionLevel.IPv6 : SocketOptionLevel.IP;
            socket.SetSocketOption(level, SocketOptionName.MulticastTimeToLive, TimeToLive);
            socket.SetSocketOption(level, SocketOptionName.MulticastLoopback, true);
            socket.Bind(new IPEndPoint(address, 0));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private void Join(IPAddress address, int index)
    {
        if (IsV6)
            _listener?.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.AddMembership, new IPv6MulticastOption(_group.Address, index));
        else
            _listener?.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(_group.Address, address));
    }

    private Socket NewSocket()
    {
        var socket = new Socket(IsV6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        if (IsV6)
            socket.DualMode = false;
        return socket;
    }

    private IEnumerable<(IPAddress Address, int Index, ushort Port)> Expand(PeerAddress local)
    {
        foreach (NetworkInterface network in NetworkInterface.GetAllNetworkInterfaces())
        {
            bool isWanted = network.OperationalStatus == OperationalStatus.Up || network.NetworkInterfaceType == NetworkInterfaceType.Loopback;
            foreach (UnicastIPAddressInformation unicast in isWanted ? network.GetIPProperties().UnicastAddresses : Enumerable.Empty<UnicastIPAddressInformation>())
            {
                if (unicast.Address.AddressFamily != local.Family)
                    continue;
                PeerAddress address = PeerAddress.From(new IPEndPoint(unicast.Address, local.Port));
                bool isMeant = !local.IsUnspecified
                    ? address == local || (network.NetworkInterfaceType == NetworkInterfaceType.Loopback && local.Classify() == AddressClass.Loopback)
                    : network.NetworkInterfaceType != NetworkInterfaceType.Loopback && network.SupportsMulticast && !unicast.Address.IsIPv6LinkLocal;
                if (isMeant)
                    yield return (!local.IsUnspecified ? local.ToIPAddress() : unicast.Address, Index(network), local.Port);
            }
        }
    }

    private int Index(NetworkInterface network)
        => IsV6 ? network.GetIPProperties().GetIPv6Properties().Index : network.GetIPProperties().GetIPv4Properties().Index;

    private void Try(string what, Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is SocketException or NetworkInformationException)
        {
            _failures.Add($"Local discovery over {(IsV6 ? "IPv6" : "IPv4")} cannot {what}: {exception.Message}");
        }
    }
}
