using CcBt.Core.Addressing;
using CcBt.Core.Swarm;

namespace CcBt.Core.Tests.Swarm;

public sealed class ConnectionPrioritiesTests
{
    private static readonly PeerAddress Own = Parse("81.2.3.4:6881"), OwnV6 = Parse("[2a01:db8::1]:6881");
    private static readonly PeerAddress Peer = Parse("95.6.7.8:6881"), PeerV6 = Parse("[2a02:db8::1]:6881");

    [Fact]
    public void A_connection_has_one_once_our_address_of_its_family_is_known()
    {
        var priorities = new ConnectionPriorities();
        Assert.Null(priorities.Of(Peer));
        Assert.True(priorities.SetExternal(Own));
        Assert.Equal(PeerPriority.Compute(Own, Peer), priorities.Of(Peer));
        Assert.Null(priorities.Of(PeerV6));
        Assert.True(priorities.SetExternal(OwnV6));
        Assert.Equal(PeerPriority.Compute(OwnV6, PeerV6), priorities.Of(PeerV6));
    }

    [Fact]
    public void A_peer_of_a_network_of_our_own_has_none()
    {
        var priorities = new ConnectionPriorities();
        priorities.SetExternal(Own);
        Assert.Null(priorities.Of(Parse("192.168.1.2:6881")));
    }

    [Fact]
    public void Only_another_global_address_is_news()
    {
        var priorities = new ConnectionPriorities();
        Assert.False(priorities.SetExternal(Parse("192.168.1.1:6881")));
        Assert.Null(priorities.Of(Peer));
        Assert.True(priorities.SetExternal(Own));
        Assert.False(priorities.SetExternal(Own));
        Assert.True(priorities.SetExternal(Own.WithPort(1)));
    }

    private static PeerAddress Parse(string text)
    {
        Assert.True(PeerAddress.TryParse(text, out PeerAddress address));
        return address;
    }
}
