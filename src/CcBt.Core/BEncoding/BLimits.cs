namespace CcBt.Core.BEncoding;

/// <summary>
/// What a reader accepts. <paramref name="StrictKeys"/> refuses unsorted and duplicate keys (BEP 52 and BEP 44
/// demand it); without it keys may come unsorted, as old version 1 torrents have them, but never twice.
/// </summary>
internal readonly record struct BLimits(int MaxDepth, int MaxTokens, int MaxLength, bool StrictKeys, bool AllowTrailingData)
{
    /// <summary>An info dictionary, from wherever it came.</summary>
    public static BLimits Info => File with { MaxLength = Limits.MetadataBytes };

    /// <summary>A .torrent file.</summary>
    public static BLimits File => new(Limits.FileBencodeDepth, Limits.FileBencodeTokens, Limits.TorrentFileBytes, false, false);

    /// <summary>A peer message payload; metadata messages carry bytes behind the dictionary (BEP 9).</summary>
    public static BLimits Wire => new(Limits.WireBencodeDepth, Limits.WireBencodeTokens, Limits.ExtendedMessageBytes, false, true);

    /// <summary>A DHT packet.</summary>
    public static BLimits Dht => new(Limits.DhtBencodeDepth, Limits.DhtBencodeTokens, Limits.DatagramBytes, false, false);

    /// <summary>A tracker's answer.</summary>
    public static BLimits Tracker => new(Limits.WireBencodeDepth, Limits.WireBencodeTokens, Limits.TrackerAnswerBytes, false, false);
}
