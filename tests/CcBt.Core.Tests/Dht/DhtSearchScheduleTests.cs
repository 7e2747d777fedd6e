using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

public sealed class DhtSearchScheduleTests
{
    [Fact]
    public void Pauses_grow_from_five_seconds_to_a_quarter_of_an_hour_while_peers_are_few()
    {
        var schedule = new DhtSearchSchedule(new Random(61));
        TimeSpan now = TimeSpan.FromSeconds(10);
        var pauses = new List<double>();
        for (int i = 0; i < 12; i++)
        {
            Assert.True(schedule.IsDue(now));
            schedule.Started();
            Assert.False(schedule.IsDue(now + TimeSpan.FromDays(1)));
            schedule.Ended(knownPeers: 0, now);
            Assert.False(schedule.IsDue(schedule.NextSearch - TimeSpan.FromTicks(1)));
            pauses.Add((schedule.NextSearch - now).TotalSeconds);
            now = schedule.NextSearch;
        }
        for (int i = 0; i < pauses.Count; i++)
        {
            double mean = Math.Min(5 * Math.Pow(2, i), 900);
            Assert.InRange(pauses[i], mean * 0.8, mean * 1.2);
        }
        Assert.True(pauses.Distinct().Count() > 10);
    }

    [Fact]
    public void With_enough_peers_the_next_search_is_a_quarter_of_an_hour_away()
    {
        var schedule = new DhtSearchSchedule(new Random(62));
        schedule.Started();
        schedule.Ended(DhtSearchSchedule.EnoughPeers, TimeSpan.Zero);
        Assert.InRange(schedule.NextSearch.TotalMinutes, 12, 18);
    }

    [Fact]
    public void A_demand_is_served_at_once_or_by_the_running_search()
    {
        var schedule = new DhtSearchSchedule(new Random(63));
        for (int i = 0; i < 8; i++)
        {
            schedule.Started();
            schedule.Ended(0, TimeSpan.Zero);
        }
        var now = TimeSpan.FromSeconds(1);
        Assert.False(schedule.IsDue(now));
        schedule.Demand(now);
        Assert.True(schedule.IsDue(now));
        schedule.Started();
        schedule.Demand(now);
        Assert.False(schedule.IsDue(now));
        schedule.Ended(0, now);
        Assert.InRange((schedule.NextSearch - now).TotalSeconds, 4, 6);
    }

    [Fact]
    public void One_peer_less_than_enough_is_not_enough()
    {
        var schedule = new DhtSearchSchedule(new Random(64));
        schedule.Started();
        schedule.Ended(DhtSearchSchedule.EnoughPeers - 1, TimeSpan.Zero);
        Assert.InRange(schedule.NextSearch.TotalSeconds, 4, 6);
    }
}
