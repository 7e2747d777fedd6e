using CcBt.Core.Addressing;
using CcBt.Core.Swarm;

namespace CcBt.Core.Tests.Swarm;

public sealed class DialTests
{
    [Fact]
    public void Dials_keep_to_the_half_open_and_link_budget_and_to_the_rate()
    {
        var swarm = new TorrentSwarm(new SwarmOptions(), new Random(1));
        swarm.SetBudget(new ConnectionBudget(40, 10), TimeSpan.Zero);
        swarm.AddCandidates(Many(500), PeerSource.Tracker, TimeSpan.Zero);
        int opened = 0, total = 0;
        TimeSpan now = TimeSpan.Zero;
        for (int step = 0; step < 20; step++)
        {
            List<PeerAddress> dials = Dials(swarm);
            total += dials.Count;
            Assert.InRange(dials.Count, 0, 10);
            Assert.InRange(swarm.Snapshot(now).HalfOpen + opened, 0, 40);
            foreach (PeerAddress address in dials)
                swarm.LinkOpened(++opened, address, true, true, now);
            if (step == 8)
                Assert.Equal(30, total);
            now += TimeSpan.FromMilliseconds(100);
            if (swarm.NextDeadline <= now)
                swarm.Advance(now);
        }
        Assert.Equal(40, opened);
        Assert.Equal(0, swarm.Snapshot(now).HalfOpen);
    }

    [Fact]
    public void A_failed_dial_makes_room_for_the_next()
    {
        var swarm = new TorrentSwarm(new SwarmOptions(), new Random(1));
        swarm.SetBudget(new ConnectionBudget(40, 1), TimeSpan.Zero);
        swarm.AddCandidates(Many(2), PeerSource.Tracker, TimeSpan.Zero);
        PeerAddress first = Assert.Single(Dials(swarm));
        swarm.DialFailed(first, TimeSpan.FromSeconds(1));
        PeerAddress second = Assert.Single(Dials(swarm));
        Assert.NotEqual(first, second);
        swarm.DialFailed(second, TimeSpan.FromSeconds(2));
        Assert.Empty(Dials(swarm));
        Assert.Equal(TimeSpan.FromSeconds(61), swarm.NextDeadline);
        swarm.NetworkChanged(TimeSpan.FromSeconds(3));
        Assert.Single(Dials(swarm));
    }

    [Fact]
    public void An_address_that_is_forgotten_and_named_again_is_not_dialed_twice_at_once()
    {
        var swarm = new TorrentSwarm(new SwarmOptions(), new Random(1));
        swarm.SetBudget(new ConnectionBudget(40, 2), TimeSpan.Zero);
        swarm.AddCandidates(Many(1), PeerSource.Dht, TimeSpan.Zero);
        PeerAddress dialed = Assert.Single(Dials(swarm));
        swarm.SetPrivate(true, TimeSpan.Zero);
        swarm.AddCandidates([dialed], PeerSource.Tracker, TimeSpan.Zero);
        Assert.Empty(Dials(swarm));
        Assert.Equal(1, swarm.Snapshot(TimeSpan.Zero).HalfOpen);
        swarm.DialFailed(dialed, TimeSpan.FromSeconds(1));
        Assert.Equal(0, swarm.Snapshot(TimeSpan.FromSeconds(1)).HalfOpen);
    }

    [Fact]
    public void A_paused_swarm_closes_its_links_dials_nobody_and_keeps_what_it_hears_of()
    {
        var swarm = new TorrentSwarm(new SwarmOptions(), new Random(1));
        swarm.LinkOpened(1, VirtualSwarm.Address(1), false, true, TimeSpan.Zero);
        Outputs.Of(swarm);
        swarm.SetPaused(true, TimeSpan.Zero);
        Assert.Equal(2, swarm.AddCandidates(Many(2), PeerSource.Tracker, TimeSpan.Zero));
        Assert.Equal([SwarmOutputKind.Close], Outputs.Of(swarm).Select(o => o.Kind));
        swarm.LinkClosed(1, false, TimeSpan.Zero);
        Assert.Equal(TimeSpan.MaxValue, swarm.NextDeadline);
        swarm.SetPaused(false, TimeSpan.FromSeconds(100));
        Assert.Equal(2, Dials(swarm).Count);
    }

    [Fact]
    public void An_inbound_peer_that_says_where_it_listens_is_dialed_once_its_link_is_over()
    {
        var swarm = new TorrentSwarm(new SwarmOptions(), new Random(1));
        PeerAddress listens = VirtualSwarm.Address(1);
        swarm.LinkOpened(1, listens.WithPort(5), false, true, TimeSpan.Zero);
        swarm.SetListenPort(1, listens.Port, TimeSpan.Zero);
        swarm.NetworkChanged(TimeSpan.Zero);
        Assert.Empty(Dials(swarm));
        swarm.LinkClosed(1, false, TimeSpan.FromSeconds(10));
        Assert.Empty(Dials(swarm));
        Assert.Equal(TimeSpan.FromSeconds(70), swarm.NextDeadline);
        swarm.Advance(swarm.NextDeadline);
        Assert.Equal([listens], Dials(swarm));
    }

    [Fact]
    public void Only_who_failed_is_waited_for_twice_as_long_the_next_time()
    {
        TimeSpan failed = WaitAfterTwo(wasFailure: true), left = WaitAfterTwo(wasFailure: false);
        Assert.Equal(TimeSpan.FromSeconds(120), failed);
        Assert.True(left < failed);
    }

    /// <summary>A peer's links end twice in the same way; how long it is left alone then.</summary>
    private static TimeSpan WaitAfterTwo(bool wasFailure)
    {
        var swarm = new TorrentSwarm(new SwarmOptions(), new Random(1));
        swarm.SetBudget(new ConnectionBudget(40, 2), TimeSpan.Zero);
        swarm.AddCandidates(Many(1), PeerSource.Tracker, TimeSpan.Zero);
        TimeSpan now = TimeSpan.Zero;
        for (int link = 1; link <= 2; link++)
        {
            PeerAddress address = Assert.Single(Dials(swarm));
            swarm.LinkOpened(link, address, true, true, now);
            swarm.LinkClosed(link, wasFailure, now);
            Assert.Empty(Dials(swarm));
            if (link == 1)
                swarm.Advance(now = swarm.NextDeadline);
        }
        return swarm.NextDeadline - now;
    }

    private static PeerAddress[] Many(int count) => [.. Enumerable.Range(0, count).Select(VirtualSwarm.Address)];

    private static List<PeerAddress> Dials(TorrentSwarm swarm)
        => [.. Outputs.Of(swarm).Where(o => o.Kind == SwarmOutputKind.Dial).Select(o => o.Address)];
}
