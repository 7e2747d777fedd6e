namespace CcBt.Core;

internal static partial class Limits
{
    /// <summary>Addresses that a running torrent keeps; a tracker answer has at most 200, so this holds many answers.</summary>
    public const int PoolAddresses = 3000;

    /// <summary>Addresses that a paused torrent keeps; it dials none of them soon.</summary>
    public const int PausedPoolAddresses = 1000;

    /// <summary>Own addresses remembered; a host has a few, and each is learnt from a connection to itself.</summary>
    public const int OwnAddresses = 64;

    /// <summary>Banned addresses kept for one torrent; the oldest is let go, it will be caught again by its next bad piece.</summary>
    public const int BannedAddresses = 4096;

    /// <summary>Bitfield kept while the metadata is unknown: one bit for each of the most pieces that a torrent may have.</summary>
    public const int EarlyBitfieldBytes = 256 * 1024;

    /// <summary>Haves kept for one link while the metadata is unknown; later ones are dropped, the peer only looks poorer.</summary>
    public const int EarlyHaves = 4096;

    /// <summary>Bitfields after the first one; aria2 sends one when it has about a seventieth of the torrent to tell, and each costs a walk over all pieces.</summary>
    public const int LateBitfields = 200;

    /// <summary>Allowed-fast pieces kept for one link; clients send ten (BEP 6).</summary>
    public const int AllowedFastPieces = 64;

    /// <summary>Fewest pieces of a torrent in which pieces are given to choked peers; of fewer the set of ten would be much, and choking mean little.</summary>
    public const int AllowedFastLeastPieces = 40;

    /// <summary>Suggested pieces kept for one link; the newest count.</summary>
    public const int SuggestedPieces = 16;

    /// <summary>Requests that are open at one peer: 16 MB in flight, two seconds of a 65 Mbit/s link, or 1 Gbit/s over a round trip of 100 ms.</summary>
    public const int RequestWindow = 1000;

    /// <summary>Requests open at a peer that did not say how many it takes; every common client takes more than 250.</summary>
    public const int RequestWindowUnannounced = 256;

    /// <summary>From this round trip on a peer is far: requests are renewed by the quarter, not by the half. Each renewal costs wakes, and near links stay full without.</summary>
    public const int FarRoundTripMilliseconds = 30;

    /// <summary>Peers that are asked for the same block in the end game, so that the waste stays bounded.</summary>
    public const int RequestersPerBlock = 3;

    /// <summary>Pieces that one peer may refuse before it is left alone for a minute.</summary>
    public const int RefusedPieces = 256;

    /// <summary>Rejects beyond the cancels that were sent; more of them break BEP 6.</summary>
    public const int UnaskedRejects = 64;

    /// <summary>Blocks of failed pieces whose senders and hashes are kept until the piece is good; 3 MB at the most.</summary>
    public const int AccusationsKept = 64 * 1024;

    /// <summary>Closed links whose address is remembered, so that a verdict that comes late still finds whom it concerns.</summary>
    public const int FormerLinks = 4096;

    /// <summary>Failed connections after which an address is given up, unless the user named it. It is forgotten after half an hour, and may then be named anew.</summary>
    public const int PeerFailures = 3;

    /// <summary>Who gave or took blocks is tried again beyond that, for so long after its last link: more likely the way to it is cut than that it is gone.</summary>
    public const int KnownPeerSeconds = 2 * 60 * 60;

    /// <summary>Beyond that, and while nobody who is linked gives what is lacking, an address is tried once in so many seconds; all of them together every second one.</summary>
    public const int LongestRetrySeconds = 240;

    /// <summary>Without a block for this long a peer is snubbed: its blocks are asked from others.</summary>
    public const int SnubSeconds = 20;

    /// <summary>After this a request is taken back even if other blocks flow.</summary>
    public const int RequestSeconds = 60;

    /// <summary>After this a snubbed peer that wants nothing goes when others wait.</summary>
    public const int SnubbedLinkSeconds = 120;

    /// <summary>A link over which no block moves for this long makes room when others wait, whatever its peer claims to want or to have.</summary>
    public const int IdleLinkSeconds = 300;

    /// <summary>The same for a peer that waits for us to let it download: at a full session with four slots its turn comes within this time.</summary>
    public const int WaitingLinkSeconds = 1200;

    /// <summary>Who lost its place for that is not dialed for so long, and takes no place from others.</summary>
    public const int IdlePeerRestSeconds = 600;

    /// <summary>Dials begun in a second, by one torrent and by all of a client together; more look like a scan to routers.</summary>
    public const int DialsPerSecond = 30;

    /// <summary>Addresses added, and as many dropped, in one peer exchange message (BEP 11).</summary>
    public const int PexAddresses = 50;
}
