using CcBt.Core.Trackers;

namespace CcBt.Core.Tests.Trackers;

/// <summary>Requests and URLs that several tests begin from.</summary>
internal static class AnnounceSamples
{
    public static InfoHash Hash { get; } = InfoHash.Parse("00ff20410a7e2d5f262f3f3d25c3a9e28090abcd");

    public static byte[] PeerId { get; } = "-CC0100-abcdefghijkl"u8.ToArray();

    public static AnnounceRequest Request(AnnounceEvent announceEvent = AnnounceEvent.None) => new()
    {
        InfoHash = Hash,
        PeerId = PeerId,
        Port = 6881,
        UploadedBytes = 1,
        DownloadedBytes = 2,
        LeftBytes = 3,
        Event = announceEvent,
        Key = 0xDEADBEEF,
        WantedPeers = 50,
    };

    public static TrackerUrl Url(string text)
    {
        Assert.True(TrackerUrl.TryParse(text, out TrackerUrl? url, out TrackerUrlError error), $"{text}: {error}");
        return url;
    }
}
