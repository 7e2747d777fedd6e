using CcBt.Core.Addressing;
using CcBt.Core.Swarm;

namespace CcBt.Core.Tests.Swarm;

public sealed class PeerPoolTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Each_address_is_new_once_and_new_again_after_it_was_forgotten()
    {
        PeerPool pool = Pool();
        PeerAddress[] peers = Many(10);
        Assert.Equal(10, pool.Add(peers, PeerSource.Dht, null, TimeSpan.Zero));
        Assert.Equal(0, pool.Add(peers, PeerSource.Tracker, null, TimeSpan.FromMinutes(29)));
        Assert.Equal(0, pool.Add(peers, PeerSource.Dht, null, TimeSpan.FromMinutes(58)));
        Assert.Equal(10, pool.Add(peers, PeerSource.Dht, null, TimeSpan.FromMinutes(90)));
    }

    [Fact]
    public void What_can_not_be_a_peer_is_refused()
    {
        PeerPool pool = Pool();
        PeerAddress good = Parse("80.1.2.3:6881");
        pool.AddOwn(Parse("80.9.9.9:6881"));
        pool.Ban(Parse("80.8.8.8:1").WithPort(0));
        PeerAddress[] peers = [good, good, good.WithPort(0), Parse("0.0.0.1:5"), Parse("224.0.0.1:5"), Parse("80.9.9.9:6881"), Parse("80.8.8.8:77")];
        Assert.Equal(1, pool.Add(peers, PeerSource.Tracker, null, TimeSpan.Zero));
        Assert.Equal(1, pool.Count);
    }

    [Fact]
    public void A_global_address_is_kept_once_and_local_ones_with_each_port()
    {
        PeerPool pool = Pool();
        Assert.Equal(1, pool.Add([Parse("80.1.2.3:1000"), Parse("80.1.2.3:1001")], PeerSource.Tracker, null, TimeSpan.Zero));
        Assert.Equal(2, pool.Add([Parse("127.0.0.1:1000"), Parse("127.0.0.1:1001")], PeerSource.Tracker, null, TimeSpan.Zero));
        Assert.Equal(2, pool.Add([Parse("10.0.0.1:1000"), Parse("10.0.0.1:1001")], PeerSource.PeerExchange, Parse("10.0.0.9:1"), TimeSpan.Zero));
        Assert.Equal(0, pool.Add([Parse("10.0.0.2:1000"), Parse("127.0.0.9:1")], PeerSource.PeerExchange, Parse("80.7.7.7:1"), TimeSpan.Zero));
    }

    [Fact]
    public void It_stays_within_its_bounds_and_exchange_gets_half_at_the_most()
    {
        PeerPool pool = Pool();
        pool.Add(Many(10_000), PeerSource.PeerExchange, null, TimeSpan.Zero);
        Assert.Equal(Limits.PoolAddresses / 2, pool.Count);
        pool.Add(Many(20_000)[10_000..], PeerSource.Tracker, null, TimeSpan.Zero);
        Assert.Equal(Limits.PoolAddresses, pool.Count);
        pool.SetPaused(true);
        Assert.Equal(Limits.PausedPoolAddresses, pool.Count);
    }

    [Fact]
    public void A_better_source_displaces_a_worse_one()
    {
        PeerPool pool = Pool();
        pool.Add(Many(5000), PeerSource.Dht, null, TimeSpan.Zero);
        Assert.Equal(1, pool.Add([Parse("99.1.2.3:6881")], PeerSource.Manual, null, TimeSpan.Zero));
        Assert.Equal(Limits.PoolAddresses, pool.Count);
        Assert.Equal(Parse("99.1.2.3:6881"), pool.Choose(TimeSpan.Zero, true, out _)!.Address);
    }

    [Fact]
    public void Failures_wait_longer_each_time_and_the_third_is_the_last()
    {
        PeerPool pool = Pool();
        pool.Add(Many(1), PeerSource.Tracker, null, TimeSpan.Zero);
        TimeSpan now = TimeSpan.Zero;
        var waits = new List<double>();
        while (pool.Choose(now, true, out TimeSpan next) is { } candidate)
        {
            pool.Failed(candidate, now);
            Assert.Null(pool.Choose(now, true, out next));
            if (next == TimeSpan.MaxValue)
                break;
            waits.Add((next - now).TotalSeconds);
            now = next;
        }
        Assert.Equal([60, 120], waits);
        Assert.Equal(0, pool.Add(Many(1), PeerSource.Tracker, null, now + TimeSpan.FromMinutes(20)));
        Assert.Equal(1, pool.Add(Many(1), PeerSource.Tracker, null, now + Hour));
    }

    [Fact]
    public void A_peer_that_the_user_named_is_never_given_up()
    {
        PeerPool pool = Pool();
        pool.Add(Many(1), PeerSource.Manual, null, TimeSpan.Zero);
        TimeSpan now = TimeSpan.Zero;
        for (int i = 0; i < 50; i++)
        {
            pool.Failed(pool.Choose(now, true, out _)!, now);
            Assert.Null(pool.Choose(now, true, out TimeSpan next));
            Assert.InRange((next - now).TotalSeconds, 5, 600);
            now = next;
        }
    }

    [Fact]
    public void A_private_torrent_forgets_and_refuses_public_sources()
    {
        PeerPool pool = Pool();
        pool.Add([Parse("80.1.1.1:1")], PeerSource.Dht, null, TimeSpan.Zero);
        pool.Add([Parse("80.1.1.2:1")], PeerSource.Tracker, null, TimeSpan.Zero);
        pool.SetPrivate(true);
        Assert.Equal(1, pool.Count);
        foreach (PeerSource source in new[] { PeerSource.Dht, PeerSource.PeerExchange, PeerSource.LocalDiscovery })
            Assert.Equal(0, pool.Add([Parse("80.1.1.3:1")], source, null, TimeSpan.Zero));
        Assert.Equal(1, pool.Add([Parse("80.1.1.3:1")], PeerSource.Tracker, null, TimeSpan.Zero));
    }

    private static PeerPool Pool() => new(new SwarmOptions(), new Random(1));

    private static PeerAddress[] Many(int count) => [.. Enumerable.Range(0, count).Select(VirtualSwarm.Address)];

    private static PeerAddress Parse(string text)
    {
        Assert.True(PeerAddress.TryParse(text, out PeerAddress address));
        return address;
    }
}
