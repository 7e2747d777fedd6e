namespace CcBt.Core;

internal static partial class Limits
{
    /// <summary>Seconds for an operating-system call of a start: a disk that spins up needs 15, a dead one never answers.</summary>
    public const int StartCallSeconds = 30;

    /// <summary>Seconds for taking a start back: with the seconds of closing they are the 5 that a dispose promises.</summary>
    public const int StartUnwindSeconds = 2;

    /// <summary>Discovery events that wait for a slow handler; the alert queue of other engines has the same size.</summary>
    public const int DiscoveryEventQueue = 2000;

    /// <summary>Peers gathered into one discovery event before it is raised early.</summary>
    public const int DiscoveryEventPeers = 1000;

    /// <summary>Addresses that a session remembers for counting what is new.</summary>
    public const int SeenPeers = 5000;

    /// <summary>Datagrams that wait for the owner; more are dropped, as a full socket buffer would.</summary>
    public const int WaitingDatagrams = 2000;

    /// <summary>Seconds that adding waits for the state disk to keep the torrent: more than a disk that spins up or a thousand adds at once need.</summary>
    public const int AddSaveSeconds = 30;

    /// <summary>Seconds that closing waits for trackers to take the last announce, and for the disk to take the last state.</summary>
    public const int CloseSeconds = 3;

    /// <summary>Seconds that closing a client waits for its sessions: what they take at the most, and a little more.</summary>
    public const int ClientCloseSeconds = StartUnwindSeconds + CloseSeconds + 1;

    /// <summary>Discoveries held for the first handler; a program attaches it as soon as it has the session.</summary>
    public const int EarlyDiscoveries = 16;

    /// <summary>Peers of discoveries held for the first handler: 20 KB for a session that nobody ever listens to.</summary>
    public const int EarlyDiscoveryPeers = 200;

    /// <summary>Peers that are taken from a saved state.</summary>
    public const int SavedPeers = 400;

    /// <summary>The time between two exchange messages to a peer (BEP 11).</summary>
    public const int PexSeconds = 60;

    /// <summary>The time that each exchange message of a peer must stand for in the long run: the minute of BEP 11, less a tenth for clocks that run fast.</summary>
    public const int PexLeastSeconds = 54;

    /// <summary>Exchange messages that may come before their time: links delay and bunch, floods do not stop at five.</summary>
    public const int PexEarlyMessages = 5;

    /// <summary>How long a peer that gave false metadata is kept out.</summary>
    public const int MetadataLiarSeconds = 300;
}
