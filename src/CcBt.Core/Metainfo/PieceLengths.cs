namespace CcBt.Core.Metainfo;

/// <summary>Chooses how long the pieces of a new torrent are.</summary>
internal static class PieceLengths
{
    private const int MaxAutomatic = 16 * 1024 * 1024;
    private const int MaxPieces = 2000;

    /// <summary>
    /// The power of two from 16 KiB to 16 MiB that makes 1,000 to 2,000 pieces: enough to share between peers, and few enough that
    /// the torrent file stays small.
    /// </summary>
    public static int Choose(long totalSize)
    {
        int length = Limits.MinPieceLengthV2;
        while (length < MaxAutomatic && totalSize > (long)length * MaxPieces)
            length *= 2;
        return length;
    }
}
