using CcBt.Core.Trackers;

namespace CcBt.Core.Tests.Trackers;

public sealed class AnnounceLimitTests
{
    [Theory]
    [InlineData("http://a/announce", Limits.HttpAnnounceSeconds)]
    [InlineData("https://a/announce", Limits.HttpAnnounceSeconds)]
    [InlineData("udp://a:1/announce", Limits.UdpAnnounceSeconds)]
    public void Every_announce_has_its_time_and_a_goodbye_five_seconds(string tracker, int seconds)
    {
        var plan = new AnnouncePlan { PeerId = AnnounceSamples.PeerId, Key = 7, Routes = [VirtualTrackers.Route4] };
        var schedule = new AnnounceSchedule(plan, [[AnnounceSamples.Url(tracker)]], new Random(1));
        schedule.Start(TimeSpan.Zero);
        Assert.True(schedule.TryTake(out AnnounceOrder order));
        Assert.Equal(TimeSpan.FromSeconds(seconds), order.Limit);
        Assert.Equal(Limits.TrackerPeersPerAnswer, order.Request.WantedPeers);

        schedule.Handle(AnnounceResult.FromReply(order, VirtualTrackers.Ok(), CcBt.Core.Addressing.PeerAddress.FromV4(0x01020304, 80)), TimeSpan.FromSeconds(1));
        schedule.Stop(TimeSpan.FromSeconds(2));
        Assert.True(schedule.TryTake(out order));
        Assert.Equal(AnnounceEvent.Stopped, order.Request.Event);
        Assert.Equal(TimeSpan.FromSeconds(Limits.StoppedAnnounceSeconds), order.Limit);
    }
}
