namespace CcBt.Core;

/// <summary>Every bound on what comes from outside, each with its reason. Nothing else in the library repeats one of these numbers.</summary>
internal static partial class Limits
{
    /// <summary>Nesting of a .torrent file; real ones need under 10 (file trees: one level a directory).</summary>
    public const int FileBencodeDepth = 100;

    /// <summary>Values in a .torrent file; a torrent of 500,000 files needs about 2,500,000.</summary>
    public const int FileBencodeTokens = 2_500_000;

    /// <summary>Nesting of peer messages and tracker answers.</summary>
    public const int WireBencodeDepth = 32;

    /// <summary>Values in a peer message or a tracker answer.</summary>
    public const int WireBencodeTokens = 10_000;

    /// <summary>Nesting of a DHT packet.</summary>
    public const int DhtBencodeDepth = 10;

    /// <summary>Values in a DHT packet.</summary>
    public const int DhtBencodeTokens = 500;

    /// <summary>A .torrent file unless the caller allows more; larger ones are refused before they are read.</summary>
    public const int TorrentFileBytes = 10_000_000;

    /// <summary>The most that a caller can allow for a .torrent file: what peers may send of one (BEP 9).</summary>
    public const int MostTorrentFileBytes = MetadataBytes;

    /// <summary>The largest datagram that is looked at; DHT and UDP tracker packets are far smaller.</summary>
    public const int DatagramBytes = 4096;

    /// <summary>A tracker's HTTP answer, counted after decompression.</summary>
    public const int TrackerAnswerBytes = 1 << 20;

    /// <summary>An extended message (BEP 10): metadata and hash messages carry the most.</summary>
    public const int ExtendedMessageBytes = 1 << 20;
}
