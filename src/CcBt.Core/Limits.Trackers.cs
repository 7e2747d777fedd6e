namespace CcBt.Core;

internal static partial class Limits
{
    /// <summary>Peers used from one tracker answer; more cannot be dialled before the next answer comes.</summary>
    public const int TrackerPeersPerAnswer = 200;

    /// <summary>Characters kept of a text that a tracker sent; it is shown to people.</summary>
    public const int TrackerTextLength = 256;

    /// <summary>Bytes of a tracker id that are sent back; real ones have under 40.</summary>
    public const int TrackerIdBytes = 256;

    /// <summary>A tracker URL; with the announce query it must fit the request lines that servers accept.</summary>
    public const int TrackerUrlLength = 2048;

    /// <summary>Trackers of one torrent; public lists have up to about 150.</summary>
    public const int TrackersPerTorrent = 500;

    /// <summary>Swarms in one scrape: what fits one UDP datagram (BEP 15).</summary>
    public const int ScrapeHashes = 74;

    /// <summary>Shortest regular interval: no tracker gets more than 12 regular announces an hour from a torrent, whatever it asks for.</summary>
    public const int AnnounceIntervalLeastSeconds = 300;

    /// <summary>Longest regular interval, so that a tracker's slip does not silence us for days.</summary>
    public const int AnnounceIntervalMostSeconds = 24 * 3600;

    /// <summary>The interval when a tracker names none.</summary>
    public const int AnnounceIntervalDefaultSeconds = 1800;

    /// <summary>The least time between announces that the user asks for when the tracker names no minimum.</summary>
    public const int AnnounceManualLeastSeconds = 60;

    /// <summary>The wait after the first failed announce; it doubles with each further failure.</summary>
    public const int AnnounceBackoffFirstSeconds = 15;

    /// <summary>The longest wait after failed announces.</summary>
    public const int AnnounceBackoffMostSeconds = 3600;

    /// <summary>After this silence the next tracker is tried beside a slow one, so that one dead tracker does not hold up the peers.</summary>
    public const int AnnounceSlowSeconds = 10;

    /// <summary>The whole of an HTTP announce, with redirects.</summary>
    public const int HttpAnnounceSeconds = 30;

    /// <summary>One read of an HTTP answer; a trickling tracker is cut here.</summary>
    public const int HttpTrackerReadSeconds = 10;

    /// <summary>The whole of a UDP announce: four sends of the doubling schedule of BEP 15, which gets through 10 % loss with more than 99 %.</summary>
    public const int UdpAnnounceSeconds = 120;

    /// <summary>The whole of an announce that says goodbye; closing the client waits for it.</summary>
    public const int StoppedAnnounceSeconds = 5;

    /// <summary>Redirects followed from one announce.</summary>
    public const int TrackerRedirects = 5;

    /// <summary>HTTP announces under way at a time.</summary>
    public const int HttpTrackerConcurrency = 50;

    /// <summary>Of <see cref="HttpTrackerConcurrency"/>: kept free for goodbyes, which must not queue behind dead trackers.</summary>
    public const int HttpTrackerStopConcurrency = 10;

    /// <summary>HTTP announces under way at a time to one tracker, so that a dead one leaves room for the others.</summary>
    public const int HttpTrackerOriginConcurrency = 8;

    /// <summary>How long an announce may wait for its turn; one that waits longer has failed, and its backoff thins out the queue.</summary>
    public const int TrackerQueueSeconds = 300;

    /// <summary>How long a connection id of a UDP tracker is used (BEP 15).</summary>
    public const int UdpConnectionSeconds = 60;

    /// <summary>The last doubling of the UDP retransmission time (BEP 15).</summary>
    public const int UdpTrackerRetransmissions = 8;

    /// <summary>A local discovery datagram (BEP 14), below any MTU.</summary>
    public const int LocalDiscoveryBytes = 1400;

    /// <summary>Local discovery messages read in a second; more is a flood.</summary>
    public const int LocalDiscoveryPerSecond = 10;

    /// <summary>How long the addresses of a host are used without asking again.</summary>
    public const int HostCacheSeconds = 20 * 60;

    /// <summary>How long a failed look-up is believed.</summary>
    public const int HostFailureSeconds = 60;

    /// <summary>Hosts whose addresses are kept.</summary>
    public const int HostCacheEntries = 1000;

    /// <summary>Addresses kept of one host.</summary>
    public const int HostAddresses = 16;

    /// <summary>Look-ups under way at a time: the system's resolver blocks a thread for each.</summary>
    public const int HostLookups = 2;

    /// <summary>Addresses of one host that an announce tries to connect to.</summary>
    public const int TrackerAddressesTried = 3;

    /// <summary>Opening one connection to a tracker, so that the next address has its turn within the announce's time.</summary>
    public const int TrackerConnectSeconds = 10;

    /// <summary>How often a torrent is announced on the local network (BEP 14).</summary>
    public const int LocalDiscoveryIntervalSeconds = 300;

    /// <summary>The least time between local announces, against multicast storms (BEP 14).</summary>
    public const int LocalDiscoveryRoundSeconds = 60;

    /// <summary>Datagrams of one local announce; other torrents have their turn in the next one.</summary>
    public const int LocalDiscoveryRoundDatagrams = 4;

    /// <summary>Network interfaces that local discovery uses of one family.</summary>
    public const int LocalDiscoveryInterfaces = 16;

    /// <summary>A seed that serves so many peers asks trackers for no more; with fewer it does, since behind a NAT nobody can come to it.</summary>
    public const int SeedEnoughLinks = 10;
}
