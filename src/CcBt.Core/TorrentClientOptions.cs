using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CcBt.Core;

/// <summary>How a client works. Immutable; checked once, when the client is opened.</summary>
public sealed record TorrentClientOptions
{
    /// <summary>
    /// The addresses to listen on, TCP and UDP alike. Port 0 lets the operating system choose. The default is every
    /// IPv4 and every IPv6 address with a chosen port. Outgoing connections leave from these addresses.
    /// </summary>
    public IReadOnlyList<IPEndPoint> ListenEndPoints { get; init; } = [new(IPAddress.Any, 0), new(IPAddress.IPv6Any, 0)];

    /// <summary>Whether peers are searched in the distributed hash table (BEP 5). The default is true.</summary>
    public bool EnableDht { get; init; } = true;

    /// <summary>Whether peers are searched on the local network (BEP 14). The default is true.</summary>
    public bool EnableLocalDiscovery { get; init; } = true;

    /// <summary>Whether trackers are asked for peers. The default is true.</summary>
    public bool EnableTrackers { get; init; } = true;

    /// <summary>Whether connected peers are asked for more peers (BEP 11). The default is true.</summary>
    public bool EnablePeerExchange { get; init; } = true;

    /// <summary>
    /// Nodes, as <c>host:port</c>, through which the client joins the DHT. They are asked in parallel, and one that answers is enough.
    /// The default names public ones.
    /// </summary>
    public IReadOnlyList<string> DhtRouters { get; init; } =
    [
        "dht.libtorrent.org:25401",
        "router.bittorrent.com:6881",
        "router.utorrent.com:6881",
        "dht.transmissionbt.com:6881",
    ];

    /// <summary>
    /// Where sessions, metadata and the DHT table are kept between runs. Null (the default) keeps nothing.
    /// A directory may be used by one client at a time.
    /// </summary>
    public string? StateDirectory { get; init; }

    /// <summary>
    /// Whether the sessions kept in <see cref="StateDirectory"/> come back when the client is opened. The default is true. When false, their state stays there
    /// untouched, and one that is added goes on from its own.
    /// </summary>
    public bool RestoreSessions { get; init; } = true;

    /// <summary>How often changed state is saved, at the longest. The default is 5 seconds.</summary>
    public TimeSpan SaveInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The most peers connected at once over all sessions, from 1 to 10,000. The default is 200.</summary>
    public int MaxConnections { get; init; } = 200;

    /// <summary>The most connections being opened at once, from 1 to 1,000. The default is 50.</summary>
    public int MaxHalfOpenConnections { get; init; } = 50;

    /// <summary>
    /// Whether peers that discovery finds are connected to when their port is below 1024, where other services sit that somebody could want
    /// disturbed. Peers that you name are connected to anyway. The default is true.
    /// </summary>
    public bool DialPortsBelow1024 { get; init; } = true;

    /// <summary>How many peers of one session are served at once, from 1 to 1,000. The default is 8.</summary>
    public int UnchokeSlots { get; init; } = 8;

    /// <summary>The most payload bytes received per second over all sessions; 0 (the default) means unlimited.</summary>
    public long DownloadBytesPerSecond { get; init; }

    /// <summary>The most payload bytes sent per second over all sessions; 0 (the default) means unlimited.</summary>
    public long UploadBytesPerSecond { get; init; }

    /// <summary>The clock and timers. The default is the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the client logs. The default logs nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    internal void Validate()
    {
        OptionChecks.NotNull(ListenEndPoints, nameof(ListenEndPoints));
        if (ListenEndPoints.Count == 0 || ListenEndPoints.Any(e => e is null))
            throw new ArgumentException($"{nameof(ListenEndPoints)} must name at least one address.", nameof(ListenEndPoints));
        OptionChecks.NotNull(DhtRouters, nameof(DhtRouters));
        foreach (string router in DhtRouters)
        {
            if (!HostAndPort.TryParse(router, out _))
                throw new ArgumentException($"{nameof(DhtRouters)} holds '{router}', which is not of the form host:port.", nameof(DhtRouters));
        }
        if (StateDirectory is not null && string.IsNullOrWhiteSpace(StateDirectory))
            throw new ArgumentException($"{nameof(StateDirectory)} must be null or name a directory.", nameof(StateDirectory));
        OptionChecks.Positive(SaveInterval, nameof(SaveInterval));
        OptionChecks.InRange(MaxConnections, 1, 10_000, nameof(MaxConnections));
        OptionChecks.InRange(MaxHalfOpenConnections, 1, 1000, nameof(MaxHalfOpenConnections));
        OptionChecks.InRange(UnchokeSlots, 1, 1000, nameof(UnchokeSlots));
        OptionChecks.NotNegative(DownloadBytesPerSecond, nameof(DownloadBytesPerSecond));
        OptionChecks.NotNegative(UploadBytesPerSecond, nameof(UploadBytesPerSecond));
        OptionChecks.NotNull(TimeProvider, nameof(TimeProvider));
        OptionChecks.NotNull(LoggerFactory, nameof(LoggerFactory));
    }
}
