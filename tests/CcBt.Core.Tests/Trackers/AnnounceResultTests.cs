using CcBt.Core.Addressing;
using CcBt.Core.Trackers;

namespace CcBt.Core.Tests.Trackers;

public sealed class AnnounceResultTests
{
    [Theory]
    [InlineData("1.2.3.4:80", "5.6.7.8:1")]
    [InlineData("10.77.0.1:80", "5.6.7.8:1 10.0.0.1:2")]
    [InlineData("127.0.0.1:80", "5.6.7.8:1 10.0.0.1:2 127.0.0.2:3")]
    public void Local_peers_are_taken_only_from_local_trackers(string tracker, string peers)
    {
        PeerAddress[] named = [Address("5.6.7.8:1"), Address("10.0.0.1:2"), Address("127.0.0.2:3")];
        var order = new AnnounceOrder(1, VirtualTrackers.Url("a"), VirtualTrackers.Route4, AnnounceSamples.Request(), TimeSpan.FromSeconds(30));
        AnnounceResult result = AnnounceResult.FromReply(order, new AnnounceReply { Peers = named }, Address(tracker));
        Assert.Equal(peers, string.Join(' ', result.Reply!.Peers));
    }

    private static PeerAddress Address(string text)
    {
        Assert.True(PeerAddress.TryParse(text, out PeerAddress address));
        return address;
    }
}
