namespace CcBt.Core;

internal static partial class Limits
{
    /// <summary>Nodes in a bucket of the routing table and nodes that an announce goes to (k of BEP 5).</summary>
    public const int DhtBucketNodes = 8;

    /// <summary>Nodes kept behind a full bucket to replace one that dies; more would be stale before they are needed.</summary>
    public const int DhtReplacementNodes = 8;

    /// <summary>Contacts a lookup remembers; an honest one needs under 40, and a liar can name thousands.</summary>
    public const int DhtLookupCandidates = 100;

    /// <summary>Queries of one lookup; honest ones take about 20, so this bounds what liars can make us send.</summary>
    public const int DhtLookupQueries = 100;

    /// <summary>Queries of one lookup on their way at once (alpha); more finds little sooner and costs every node more.</summary>
    public const int DhtLookupParallel = 4;

    /// <summary>Answers from nodes without a BEP 42 id after which a lookup ends; below it they would let 32 sybils end it.</summary>
    public const int DhtLookupAnswers = 48;

    /// <summary>Contacts asked on the word of one node before any of them has answered; a garbage node wastes no more than this.</summary>
    public const int DhtUnprovenContacts = 3;

    /// <summary>Distinct peers reported by one lookup; a swarm's pool takes no more.</summary>
    public const int DhtLookupPeers = 2_000;

    /// <summary>Lookups that run at once; the rest wait their turn, so that a thousand torrents do not flood the uplink.</summary>
    public const int DhtRunningLookups = 8;

    /// <summary>Our own queries that wait for an answer; beyond it nothing new is asked.</summary>
    public const int DhtPendingQueries = 512;

    /// <summary>Times that an announce without an answer is sent again; its node has just answered, so it is the line that lost it.</summary>
    public const int DhtAnnounceRepeats = 2;

    /// <summary>Contacts named to us that are kept, or wait to be pinged; a table is rebuilt from far fewer.</summary>
    public const int DhtUnseenContacts = 512;

    /// <summary>Pings to unseen contacts on their way at once; more is a burst that helps nobody.</summary>
    public const int DhtUnseenPings = 8;

    /// <summary>Bootstrap routers; lists in use have under 10.</summary>
    public const int DhtRouters = 32;

    /// <summary>Torrents that we keep peers of for others; with the next bound it holds the store under 32 MiB.</summary>
    public const int DhtStoredTorrents = 2_000;

    /// <summary>Peers kept for one torrent.</summary>
    public const int DhtStoredPeers = 500;

    /// <summary>Ports that one global address may announce for a torrent: enough for a shared address, too few to fill the list.</summary>
    public const int DhtStoredPortsPerAddress = 8;

    /// <summary>Peers in one answer; more do not fit into a datagram.</summary>
    public const int DhtAnswerPeers = 100;

    /// <summary>An answer's bytes: BEP 32 allows 1,024, which passes every path unfragmented.</summary>
    public const int DhtAnswerBytes = 1_024;

    /// <summary>How many times longer than its query an answer may be: with the ping that can follow, a forged source address gains less than ten times.</summary>
    public const int DhtAnswerRatio = 9;

    /// <summary>Bytes per second of all answers to global addresses together, as a default.</summary>
    public const int DhtAnswerBytesPerSecond = 8_000;

    /// <summary>Bytes per second of all answers to private and loopback addresses together, as a default.</summary>
    public const int DhtLocalAnswerBytesPerSecond = 1_000_000;

    /// <summary>Queries from one global address in a window (5 a second), beyond which it is not answered for a while.</summary>
    public const int DhtQueriesPerSource = 50;

    /// <summary>The window over which the queries of an address are averaged.</summary>
    public const int DhtSourceWindowSeconds = 10;

    /// <summary>How long an address that asks too much is not answered.</summary>
    public const int DhtSourceBlockSeconds = 300;

    /// <summary>Our write tokens: 64 bits cannot be guessed in the minutes that they live.</summary>
    public const int DhtWriteTokenBytes = 8;

    /// <summary>How long a token secret is used; its tokens are taken for as long again.</summary>
    public const int DhtTokenSecretSeconds = 300;

    /// <summary>The transaction ids of our own queries: 32 random bits for each, believed from the address that was asked only.</summary>
    public const int DhtOwnTransactionBytes = 4;

    /// <summary>Addresses whose queries are counted; a flood from more is held by the bytes per second.</summary>
    public const int DhtCountedSources = 4_096;

    /// <summary>A foreign transaction id that is echoed; real ones have 2 to 4 bytes, up to 20 are seen.</summary>
    public const int DhtTransactionBytes = 32;

    /// <summary>A token that is kept to announce with; real ones have 4 to 20 bytes.</summary>
    public const int DhtTokenBytes = 64;

    /// <summary>Nodes in saved state; they rebuild a table within seconds.</summary>
    public const int DhtSavedNodes = 300;

    /// <summary>Nodes taken from one answer: k of each family, and what generous nodes add.</summary>
    public const int DhtNodesPerAnswer = 16;

    /// <summary>Voters on our external address that are remembered.</summary>
    public const int DhtAddressVoters = 64;

    /// <summary>Voters from distinct networks that must agree before an external address is believed.</summary>
    public const int DhtAddressAgreement = 5;

    /// <summary>Voters who must name one new external address before all are asked anew; single ones report nonsense every day.</summary>
    public const int DhtAddressDoubts = 2;

    /// <summary>Nodes that are asked where they see us after the network has changed.</summary>
    public const int DhtAddressProbes = 16;

    /// <summary>Datagrams and events that wait to be taken; an owner that does not take them loses the newest.</summary>
    public const int DhtOutputs = 4_096;
}
