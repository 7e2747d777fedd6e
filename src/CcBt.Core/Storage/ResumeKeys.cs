namespace CcBt.Core.Storage;

/// <summary>The keys of resume data. They never change their meaning; a new meaning gets a new key.</summary>
internal static class ResumeKeys
{
    public static ReadOnlySpan<byte> AddedAt => "added"u8;

    public static ReadOnlySpan<byte> Closed => "closed"u8;

    public static ReadOnlySpan<byte> DownloadLimit => "download limit"u8;

    public static ReadOnlySpan<byte> Downloaded => "downloaded"u8;

    public static ReadOnlySpan<byte> FileLengths => "file lengths"u8;

    public static ReadOnlySpan<byte> FileTimes => "file times"u8;

    public static ReadOnlySpan<byte> GivenPeers => "given peers"u8;

    public static ReadOnlySpan<byte> GivenPeers6 => "given peers6"u8;

    public static ReadOnlySpan<byte> HashV1 => "hash v1"u8;

    public static ReadOnlySpan<byte> HashV2 => "hash v2"u8;

    public static ReadOnlySpan<byte> Have => "have"u8;

    public static ReadOnlySpan<byte> Info => "info"u8;

    public static ReadOnlySpan<byte> Magnet => "magnet"u8;

    public static ReadOnlySpan<byte> MaxConnections => "max connections"u8;

    public static ReadOnlySpan<byte> Name => "name"u8;

    public static ReadOnlySpan<byte> PartsLength => "parts length"u8;

    public static ReadOnlySpan<byte> PartsTime => "parts time"u8;

    public static ReadOnlySpan<byte> Paused => "paused"u8;

    public static ReadOnlySpan<byte> Peers => "peers"u8;

    public static ReadOnlySpan<byte> Peers6 => "peers6"u8;

    public static ReadOnlySpan<byte> SaveDirectory => "save directory"u8;

    public static ReadOnlySpan<byte> StartMode => "start mode"u8;

    public static ReadOnlySpan<byte> Started => "started"u8;

    public static ReadOnlySpan<byte> Trackers => "trackers"u8;

    public static ReadOnlySpan<byte> TrustFiles => "trust files"u8;

    public static ReadOnlySpan<byte> UploadLimit => "upload limit"u8;

    public static ReadOnlySpan<byte> Uploaded => "uploaded"u8;

    public static ReadOnlySpan<byte> Wanted => "wanted"u8;

    public static ReadOnlySpan<byte> WebSeeds => "web seeds"u8;
}
