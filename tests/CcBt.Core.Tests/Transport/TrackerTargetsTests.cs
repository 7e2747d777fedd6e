using CcBt.Core.Addressing;
using CcBt.Core.Tests.Trackers;
using CcBt.Core.Trackers;
using CcBt.Core.Transport;

namespace CcBt.Core.Tests.Transport;

public sealed class TrackerTargetsTests
{
    private static readonly PeerAddress Global = PeerAddress.FromV4(0x50010101, 80);
    private static readonly PeerAddress Inside = PeerAddress.FromV4(0xC0A80001, 80);
    private static readonly PeerAddress Loopback = PeerAddress.FromV4(0x7F000001, 80);
    private static readonly TrackerUrl Tracker = AnnounceSamples.Url("http://t.example/announce");

    [Fact]
    public void A_tracker_on_the_internet_redirects_to_no_local_address_of_any_host()
    {
        TrackerTargets mixed = new([Loopback, Global, Inside], TrackerFailure.None, null);
        Assert.Equal([Global], mixed.NamedBy(AddressClass.Global, Tracker).Addresses);
        TrackerTargets refused = new TrackerTargets([Inside, Loopback], TrackerFailure.None, null).NamedBy(AddressClass.Global, Tracker);
        Assert.Equal(TrackerFailure.RedirectRefused, refused.Failure);
        Assert.Empty(refused.Addresses);
    }

    [Fact]
    public void A_local_tracker_redirects_to_its_own_kind_and_outwards()
    {
        TrackerTargets mixed = new([Loopback, Global, Inside], TrackerFailure.None, null);
        Assert.Equal([Global, Inside], mixed.NamedBy(AddressClass.Private, Tracker).Addresses);
        Assert.Equal([Loopback, Global, Inside], mixed.NamedBy(AddressClass.Loopback, Tracker).Addresses);
    }

    [Fact]
    public void A_failure_stays_what_it_was()
        => Assert.Equal(TrackerFailure.HostNotFound, new TrackerTargets([], TrackerFailure.HostNotFound, "no").NamedBy(AddressClass.Global, Tracker).Failure);
}
