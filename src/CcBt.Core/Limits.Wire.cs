namespace CcBt.Core;

internal static partial class Limits
{
    /// <summary>A bitfield before the piece count is known; 2,097,152 pieces are the most that a torrent may have.</summary>
    public const int BitfieldBytes = 2_097_152 / 8;

    /// <summary>An extended message that is not metadata; a handshake or a peer exchange takes a few KiB.</summary>
    public const int PlainExtendedMessageBytes = 128 << 10;

    /// <summary>A message whose id is not known; it is skipped without being kept, so the bound only stops endless ones.</summary>
    public const int UnknownMessageBytes = 128 << 10;

    /// <summary>The first room for a message that comes in parts; it doubles as bytes arrive, so a claimed length costs nothing.</summary>
    public const int FirstMessageBufferBytes = 1 << 10;

    /// <summary>An info dictionary fetched from peers; the largest real ones are under 10 MiB, claims of 2 GB have been seen.</summary>
    public const int MetadataBytes = 16 << 20;

    /// <summary>A piece of metadata (BEP 9).</summary>
    public const int MetadataPieceBytes = 16 << 10;

    /// <summary>Metadata pieces asked from one peer at a time: enough to fill a round trip, few enough not to be refused.</summary>
    public const int MetadataRequestsPerPeer = 8;

    /// <summary>Peers that are asked for the same metadata piece at once when nothing else is left to ask.</summary>
    public const int MetadataCopiesInFlight = 2;

    /// <summary>How long a peer may take over a metadata piece before others are asked and it is asked no more.</summary>
    public static readonly TimeSpan MetadataRequestTime = TimeSpan.FromSeconds(10);

    /// <summary>How long a peer that refused a metadata piece, or was slow, is not asked again.</summary>
    public static readonly TimeSpan MetadataRest = TimeSpan.FromSeconds(30);

    /// <summary>Metadata held unverified over all size claims of a torrent; the largest claim goes first when it is exceeded.</summary>
    public const int MetadataHeldBytes = 64 << 20;

    /// <summary>Peers that each fetch the whole metadata alone, at once, after a mixed fetch had a wrong hash.</summary>
    public const int MetadataLoneFetches = 4;

    /// <summary>Peers of one metadata assembly; a session has fewer connections.</summary>
    public const int MetadataSources = 1_000;

    /// <summary>Added, and as many dropped, peers that are read from one exchange message; the first one may hold more than 50.</summary>
    public const int PexEntriesRead = 100;

    /// <summary>Added, and as many dropped, peers that are written into one exchange message (BEP 11).</summary>
    public const int PexEntriesWritten = 50;

    /// <summary>A client's name in its extension handshake; longer ones are cut.</summary>
    public const int ClientNameBytes = 128;
}
