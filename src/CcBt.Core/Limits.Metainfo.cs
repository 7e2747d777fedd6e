namespace CcBt.Core;

internal static partial class Limits
{
    /// <summary>Pieces of a torrent: 32 bytes of version 2 hash each are 64 MiB at most, and the largest real torrents stay under a quarter of it.</summary>
    public const int PieceCount = 2_097_152;

    /// <summary>Files of a torrent, padding included; ten times what the largest real ones have.</summary>
    public const int FileCount = 1_000_000;

    /// <summary>The smallest piece of a version 1 torrent that is read; creators begin at 16 KiB, but old hand-made torrents go below.</summary>
    public const int MinPieceLength = 1024;

    /// <summary>The smallest piece of a version 2 torrent, which is also the smallest that is created (BEP 52).</summary>
    public const int MinPieceLengthV2 = 16 * 1024;

    /// <summary>The largest piece; larger ones take hours to verify on a slow line and exist only as attacks.</summary>
    public const int MaxPieceLength = 512 * 1024 * 1024;

    /// <summary>The largest piece that is created: hashing holds several pieces in memory.</summary>
    public const int MaxCreatedPieceLength = 64 * 1024 * 1024;

    /// <summary>The length of one file, far above any disk, so that sums of lengths stay inside 64 bits.</summary>
    public const long FileLength = 1L << 48;

    /// <summary>One element of a path in UTF-8 bytes, which is also 255 UTF-16 units at most: what common file systems take.</summary>
    public const int PathElementBytes = 255;

    /// <summary>A name's extension that survives shortening; anything longer is no extension.</summary>
    public const int PathExtensionBytes = 32;

    /// <summary>A whole relative path in UTF-8 bytes: PATH_MAX of common systems.</summary>
    public const int PathBytes = 4096;

    /// <summary>Directories above a file; deeper trees break other programs and file systems.</summary>
    public const int PathDepth = 100;

    /// <summary>UTF-16 units of all paths of a torrent together: a file tree names a long directory once but every file in it carries it.</summary>
    public const int PathUnits = 32 * 1024 * 1024;

    /// <summary>Tracker URLs of a torrent or magnet link; real ones have under 100.</summary>
    public const int TrackerUrls = 500;

    /// <summary>Web seed URLs of a torrent or magnet link.</summary>
    public const int WebSeedUrls = 500;

    /// <summary>DHT nodes that a torrent names; eight would be enough to bootstrap from.</summary>
    public const int TorrentNodes = 100;

    /// <summary>A magnet link in characters: 500 trackers fit.</summary>
    public const int MagnetLength = 64 * 1024;

    /// <summary>Peer addresses of a magnet link.</summary>
    public const int MagnetPeers = 200;

    /// <summary>Index ranges in the <c>so</c> parameter of a magnet link (BEP 53).</summary>
    public const int MagnetRanges = 4096;
}
