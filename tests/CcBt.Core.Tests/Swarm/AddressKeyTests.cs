using CcBt.Core.Addressing;
using CcBt.Core.Swarm;

namespace CcBt.Core.Tests.Swarm;

/// <summary>Which addresses are one peer, ours, or kept out, and how many of them are remembered.</summary>
public sealed class AddressKeyTests
{
    [Theory]
    [InlineData("80.1.2.3:6881", "80.1.2.3:0")]
    [InlineData("10.0.0.1:6881", "10.0.0.1:0")]
    [InlineData("[2001:4860::1]:6881", "[2001:4860::1]:0")]
    [InlineData("127.0.0.1:6881", "127.0.0.1:6881")]
    [InlineData("[::1]:6881", "[::1]:6881")]
    public void All_ports_of_an_address_are_to_blame_but_on_loopback_each_is_somebody_else(string address, string blamed)
        => Assert.Equal(blamed, PeerKey.ForBlame(Parse(address)).ToString());

    [Fact]
    public void Our_address_is_news_when_it_is_global_and_another_one()
    {
        var priorities = new ConnectionPriorities();
        PeerAddress peer = Parse("80.1.2.3:6881"), own = Parse("90.1.2.3:6881");
        Assert.False(priorities.SetExternal(Parse("10.0.0.1:6881")));
        Assert.Null(priorities.Of(peer));
        Assert.True(priorities.SetExternal(own));
        Assert.False(priorities.SetExternal(own));
        Assert.Equal(PeerPriority.Compute(own, peer), priorities.Of(peer));
        Assert.True(priorities.SetExternal(own.WithPort(1)));
        Assert.True(priorities.SetExternal(Parse("[2001:4860::1]:6881")));
        Assert.False(priorities.SetExternal(own.WithPort(1)));
    }

    [Fact]
    public void Of_our_own_addresses_only_so_many_are_remembered()
    {
        var pool = new PeerPool(new SwarmOptions(), new Random(1));
        PeerAddress[] own = [.. Enumerable.Range(0, Limits.OwnAddresses + 1).Select(VirtualSwarm.Address)];
        foreach (PeerAddress address in own)
            pool.AddOwn(address);
        Assert.Equal(1, pool.Add(own, PeerSource.Tracker, null, TimeSpan.Zero));
        Assert.NotNull(pool.Find(own[^1]));
    }

    [Fact]
    public void When_too_many_are_put_out_the_one_whose_time_ends_first_comes_back()
    {
        var pool = new PeerPool(new SwarmOptions(), new Random(1));
        for (int i = 0; i <= Limits.BannedAddresses; i++)
            pool.PutOut(VirtualSwarm.Address(i).WithPort(0), TimeSpan.FromSeconds(100 + i));
        Assert.False(pool.IsPutOut(VirtualSwarm.Address(0), TimeSpan.Zero));
        Assert.True(pool.IsPutOut(VirtualSwarm.Address(1), TimeSpan.Zero));
        Assert.True(pool.IsPutOut(VirtualSwarm.Address(Limits.BannedAddresses), TimeSpan.Zero));
    }

    private static PeerAddress Parse(string text)
    {
        Assert.True(PeerAddress.TryParse(text, out PeerAddress address));
        return address;
    }
}
