using CcBt.Core.Trackers;

namespace CcBt.Core.Tests.Trackers;

public sealed class AnnounceScheduleRulesTests
{
    [Fact]
    public void A_private_torrent_uses_one_tracker_until_that_one_fails()
    {
        VirtualTrackers trackers = new VirtualTrackers("a|b", isPrivate: true, usesAllTiers: true).Script("a", _ => (VirtualTrackers.Ok(), 20)).Start().Run(100);
        Assert.Empty(trackers.Of("b"));
        Assert.Equal("a", trackers.Schedule.PrivateTracker?.Host);
        trackers.Dead("a").Run(3600);
        Assert.Equal("b", trackers.Schedule.PrivateTracker?.Host);
        int asked = trackers.Of("a").Count();
        trackers.Script("a", _ => (VirtualTrackers.Ok(), 0)).Run(36_000);
        Assert.Equal(asked, trackers.Of("a").Count());
    }

    [Fact]
    public void A_private_torrent_keeps_its_tracker_when_only_one_family_fails()
    {
        VirtualTrackers trackers = new VirtualTrackers("a|b", isPrivate: true, routes: [VirtualTrackers.Route4, VirtualTrackers.Route6])
            .Script("a", order => (order.Route == VirtualTrackers.Route4 ? VirtualTrackers.Ok() : null, order.Route == VirtualTrackers.Route4 ? 0.1 : 5))
            .Start().Run(36_000);
        Assert.Equal("a", trackers.Schedule.PrivateTracker?.Host);
        Assert.Empty(trackers.Of("b"));
    }

    [Fact]
    public void Each_route_has_its_own_announces_with_the_same_key()
    {
        VirtualTrackers trackers = new VirtualTrackers("a|b", routes: [VirtualTrackers.Route4, VirtualTrackers.Route6])
            .Script("a", order => (order.Route == VirtualTrackers.Route4 ? VirtualTrackers.Ok() : null, 1))
            .Start().Run(30);
        Assert.Equal(["a", "b"], trackers.Orders.Where(o => o.Route == VirtualTrackers.Route6).Select(o => o.Tracker.Host).Distinct());
        Assert.Equal(["a"], trackers.Orders.Where(o => o.Route == VirtualTrackers.Route4).Select(o => o.Tracker.Host).Distinct());
        Assert.All(trackers.Orders, o => Assert.Equal(7u, o.Request.Key));
    }

    [Fact]
    public void An_order_whose_end_nobody_tells_is_given_up()
    {
        AnnounceSchedule schedule = new VirtualTrackers("a").Schedule;
        schedule.Start(default);
        Assert.True(schedule.TryTake(out _));
        TimeSpan now = default;
        for (int i = 0; i < 10 && schedule.NextDeadline is TimeSpan next; i++)
        {
            now = next;
            schedule.Advance(now);
            if (schedule.TryTake(out _))
                break;
        }
        Assert.InRange(now.TotalSeconds, 60, 600);
    }

    [Fact]
    public void A_partial_seed_says_so_in_every_announce()
    {
        VirtualTrackers trackers = new VirtualTrackers("a").Start();
        trackers.Schedule.Counters = new AnnounceCounters(0, 0, 10, IsPartialSeed: true);
        trackers.Run(4000);
        Assert.Equal([AnnounceEvent.Started, AnnounceEvent.Paused, AnnounceEvent.Paused], trackers.Of("a").Select(l => l.Event));
    }

    [Fact]
    public void Trackers_can_be_added_and_repeats_are_left_out()
    {
        VirtualTrackers trackers = new VirtualTrackers("a a|a b").Dead("a").Dead("b").Start().Run(5);
        Assert.Equal(2, trackers.Schedule.Snapshot(trackers.Now).Count);
        bool again = true, added = false;
        trackers.Do((schedule, now) =>
        {
            again = schedule.Add(VirtualTrackers.Url("a"), 5, now);
            added = schedule.Add(VirtualTrackers.Url("c"), 5, now);
        });
        Assert.Equal((false, true), (again, added));
        Assert.Equal((5, AnnounceEvent.Started), Assert.Single(trackers.Of("c")));
    }

    [Fact]
    public void A_tracker_id_is_sent_back()
    {
        VirtualTrackers trackers = new VirtualTrackers("a")
            .Script("a", _ => (VirtualTrackers.Ok() with { TrackerId = "id"u8.ToArray() }, 0)).Start().Run(2000);
        Assert.Equal(["", "id"], trackers.Orders.Select(o => System.Text.Encoding.ASCII.GetString(o.Request.TrackerId.Span)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_happens_events_stay_in_order_and_nothing_spins(int seed)
    {
        var random = new Random(seed);
        VirtualTrackers trackers = new VirtualTrackers("a b|c|d", isPrivate: seed == 2, usesAllTiers: seed == 3, seed: seed, VirtualTrackers.Route4, VirtualTrackers.Route6);
        foreach (string name in new[] { "a", "b", "c", "d" })
            trackers.Script(name, _ => (random.Next(3) == 0 ? null : VirtualTrackers.Ok(random.Next(10_000)), random.NextDouble() * 40));
        for (int step = 0; step < 2000; step++)
        {
            trackers.Do((schedule, now) => Act(random.Next(8), schedule, now)).Run(random.Next(600));
        }
        foreach (var announces in trackers.Orders.GroupBy(o => (o.Tracker, o.Route)))
        {
            bool begun = false;
            foreach (AnnounceEvent announceEvent in announces.Select(o => o.Request.Event))
            {
                Assert.True(begun || announceEvent == AnnounceEvent.Started, $"seed {seed}: {announceEvent} before started");
                begun = announceEvent != AnnounceEvent.Stopped;
            }
        }
    }

    private static void Act(int choice, AnnounceSchedule schedule, TimeSpan now)
    {
        switch (choice)
        {
            case 0:
                schedule.Stop(now);
                break;
            case 1:
                schedule.Completed(now);
                break;
            case 2:
                schedule.AnnounceNow(now);
                break;
            default:
                schedule.Start(now);
                break;
        }
    }
}
