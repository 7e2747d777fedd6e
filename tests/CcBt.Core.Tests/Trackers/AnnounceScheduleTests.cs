using CcBt.Core.Trackers;

namespace CcBt.Core.Tests.Trackers;

public sealed class AnnounceScheduleTests
{
    private const double Hour = 3600;

    [Fact]
    public void A_good_tracker_hears_started_then_regular_announces_at_its_interval()
    {
        VirtualTrackers trackers = new VirtualTrackers("a").Start().Run(Hour);
        Assert.Equal([(0, AnnounceEvent.Started), (1800.1, AnnounceEvent.None)], trackers.Of("a"));
        Assert.Null(trackers.Schedule.Snapshot(trackers.Now)[0].Error);
    }

    [Theory]
    [InlineData(5, null, 12)]
    [InlineData(60, 1, 12)]
    [InlineData(900, null, 4)]
    [InlineData(900, 1200, 3)]
    public void No_tracker_gets_more_than_12_regular_announces_an_hour(int interval, int? minInterval, int most)
    {
        VirtualTrackers trackers = new VirtualTrackers("a").Script("a", _ => (VirtualTrackers.Ok(interval, minInterval), 0.1)).Start().Run(100 * Hour);
        for (int hour = 0; hour < 100; hour++)
            Assert.InRange(trackers.Log.Count(l => l.At >= hour * Hour && l.At < (hour + 1) * Hour), 1, most);
    }

    [Fact]
    public void A_dead_tracker_is_asked_less_and_less_up_to_an_hour_apart()
    {
        VirtualTrackers trackers = new VirtualTrackers("a").Dead("a", 30).Start().Run(100 * Hour);
        double[] at = [.. trackers.Of("a").Select(l => l.At)];
        double[] gaps = [.. at.Zip(at.Skip(1), (first, second) => second - first)];
        Assert.All(gaps, gap => Assert.InRange(gap, 30 + 12, 30 + Hour));
        Assert.All(gaps.Skip(8), gap => Assert.InRange(gap, 30 + 0.8 * Hour, 30 + Hour));
        Assert.True(at.Count(a => a < Hour) <= 12);
        Assert.True(gaps.Skip(8).Distinct().Count() > 10, "There is no jitter.");
        Assert.Equal("dead", trackers.Schedule.Snapshot(trackers.Now)[0].Error);
        Assert.All(trackers.Log, l => Assert.Equal(AnnounceEvent.Started, l.Event));
    }

    [Fact]
    public void The_next_tier_is_asked_when_the_first_fails_and_left_when_it_is_back()
    {
        bool dead = true;
        VirtualTrackers trackers = new VirtualTrackers("a|b|c").Script("a", _ => (dead ? null : VirtualTrackers.Ok(), 1)).Start().Run(600);
        Assert.Equal((1, AnnounceEvent.Started), Assert.Single(trackers.Of("b")));
        dead = false;
        trackers.Run(10 * Hour);
        Assert.Empty(trackers.Of("c"));
        Assert.InRange(trackers.Of("b").Count(), 1, 2);
        Assert.True(trackers.Of("a").Count(l => l.Event == AnnounceEvent.None) >= 18);
    }

    [Fact]
    public void Who_answers_moves_to_the_front_of_its_tier()
    {
        VirtualTrackers trackers = new VirtualTrackers("a b c");
        string first = trackers.Schedule.Snapshot(default)[0].Url, last = trackers.Schedule.Snapshot(default)[2].Url;
        foreach (string name in new[] { "a", "b", "c" }.Where(n => !last.Contains($"//{n}/")))
            trackers.Dead(name);
        trackers.Start().Run(60);
        Assert.Equal([last, first], trackers.Schedule.Snapshot(trackers.Now).Take(2).Select(s => s.Url));
    }

    [Fact]
    public void Shuffling_is_within_a_tier_and_fair()
    {
        var firsts = new Dictionary<string, int>();
        for (int seed = 0; seed < 600; seed++)
        {
            IReadOnlyList<TrackerSnapshot> order = new VirtualTrackers("a b c|d", seed: seed).Schedule.Snapshot(default);
            Assert.Equal("http://d/announce", order[3].Url);
            firsts[order[0].Url] = firsts.GetValueOrDefault(order[0].Url) + 1;
        }
        Assert.All(firsts.Values, count => Assert.InRange(count, 140, 260));
    }

    [Fact]
    public void A_slow_tracker_does_not_hold_up_the_next()
    {
        VirtualTrackers trackers = new VirtualTrackers("a|b").Dead("a", 30).Start().Run(60);
        Assert.Equal(Limits.AnnounceSlowSeconds, trackers.Of("b").First().At);
    }

    [Fact]
    public void All_tiers_are_asked_when_told_so()
    {
        VirtualTrackers trackers = new VirtualTrackers("a|b|c d", usesAllTiers: true).Start().Run(10);
        Assert.Equal(3, trackers.Log.Count);
        Assert.All(trackers.Log, l => Assert.Equal(0, l.At));
    }

    [Fact]
    public void Completed_is_told_once_to_who_knew_us_as_a_leech()
    {
        VirtualTrackers trackers = new VirtualTrackers("a|b").Dead("b").Start().Run(10);
        trackers.Schedule.Counters = new AnnounceCounters(5, 1000, 0);
        trackers.Do((schedule, now) => schedule.Completed(now)).Run(Hour);
        Assert.Equal([AnnounceEvent.Started, AnnounceEvent.Completed, AnnounceEvent.None], trackers.Of("a").Select(l => l.Event));
        Assert.Equal(10, trackers.Of("a").ElementAt(1).At);
        Assert.Equal(0, trackers.Orders[1].Request.LeftBytes);
        trackers.Dead("a").Script("b", _ => (VirtualTrackers.Ok(), 0.1)).Run(Hour);
        Assert.Contains(trackers.Of("b"), l => l.Event == AnnounceEvent.None);
        Assert.DoesNotContain(trackers.Of("b"), l => l.Event == AnnounceEvent.Completed);
    }

    [Fact]
    public void Completed_waits_for_a_start_that_is_under_way_and_is_repeated_until_taken()
    {
        int failures = 2;
        VirtualTrackers trackers = new VirtualTrackers("a").Script("a", order => order.Request.Event switch
        {
            AnnounceEvent.Started => (VirtualTrackers.Ok(), 5),
            AnnounceEvent.Completed when failures-- > 0 => (null, 1),
            _ => (VirtualTrackers.Ok(), 1),
        }).Start().Run(2);
        trackers.Schedule.Counters = new AnnounceCounters(0, 1000, 0);
        trackers.Do((schedule, now) => schedule.Completed(now)).Run(1000);
        Assert.Equal([AnnounceEvent.Started, AnnounceEvent.Completed, AnnounceEvent.Completed, AnnounceEvent.Completed], trackers.Of("a").Select(l => l.Event));
    }

    [Fact]
    public void Stop_says_goodbye_to_who_knows_us_and_ends_in_5_seconds()
    {
        VirtualTrackers trackers = new VirtualTrackers("a|b|c", usesAllTiers: true).Dead("b").Start().Run(10).Script("c", _ => (null, 60));
        trackers.Do((schedule, now) => schedule.Stop(now));
        Assert.Equal([(10, AnnounceEvent.Stopped)], trackers.Of("a").Skip(1));
        Assert.Single(trackers.Of("b"));
        Assert.Equal((10, AnnounceEvent.Stopped), trackers.Of("c").Last());
        Assert.All(trackers.Orders.TakeLast(2), o => Assert.Equal((TimeSpan.FromSeconds(5), 0), (o.Limit, o.Request.WantedPeers)));
        Assert.False(trackers.Schedule.IsStopped);
        trackers.Run(5);
        Assert.True(trackers.Schedule.IsStopped);
        int count = trackers.Log.Count;
        trackers.Run(10 * Hour);
        Assert.Equal(count, trackers.Log.Count);
        Assert.Null(trackers.Schedule.NextDeadline);
    }

    [Fact]
    public void Stop_without_a_word_to_anybody_is_over_at_once()
    {
        VirtualTrackers trackers = new VirtualTrackers("a").Dead("a").Start().Run(5);
        trackers.Do((schedule, now) => schedule.Stop(now));
        Assert.True(trackers.Schedule.IsStopped);
        Assert.Single(trackers.Log);
        var untaken = new VirtualTrackers("a").Schedule;
        untaken.Start(default);
        untaken.Stop(default);
        Assert.False(untaken.TryTake(out _));
        Assert.True(untaken.IsStopped);
    }

    [Fact]
    public void A_start_under_way_is_followed_by_its_goodbye_and_its_late_answer_is_ignored()
    {
        VirtualTrackers trackers = new VirtualTrackers("a").Script("a", o => (VirtualTrackers.Ok(), o.Request.Event == AnnounceEvent.Started ? 20 : 1)).Start().Run(2);
        trackers.Do((schedule, now) => schedule.Stop(now)).Run(100);
        Assert.Equal([AnnounceEvent.Started, AnnounceEvent.Stopped], trackers.Of("a").Select(l => l.Event));
        Assert.True(trackers.Schedule.IsStopped);
    }

    [Fact]
    public void A_second_run_says_started_again()
    {
        VirtualTrackers trackers = new VirtualTrackers("a").Start().Run(10);
        trackers.Do((schedule, now) => schedule.Stop(now)).Run(1).Start().Run(1);
        Assert.Equal([AnnounceEvent.Started, AnnounceEvent.Stopped, AnnounceEvent.Started], trackers.Of("a").Select(l => l.Event));
    }

    [Theory]
    [InlineData(null, 60)]
    [InlineData(600, 600)]
    public void Announce_now_waits_for_the_minimum_interval(int? minInterval, int apart)
    {
        VirtualTrackers trackers = new VirtualTrackers("a").Script("a", _ => (VirtualTrackers.Ok(1800, minInterval), 0)).Start();
        for (int second = 0; second < 1300; second++)
            trackers.Do((schedule, now) => schedule.AnnounceNow(now)).Run(1);
        double[] at = [.. trackers.Of("a").Select(l => l.At)];
        Assert.True(at.Length > 2);
        Assert.All(at.Zip(at.Skip(1)), pair => Assert.True(pair.Second - pair.First >= apart));
    }

    [Fact]
    public void Another_network_is_told_once_and_failures_on_the_former_one_are_forgiven()
    {
        bool dead = true;
        VirtualTrackers trackers = new VirtualTrackers("a|b", usesAllTiers: true)
            .Script("a", _ => (dead ? null : VirtualTrackers.Ok(), 1)).Start().Run(Hour / 3);
        double next = trackers.Schedule.Snapshot(trackers.Now)[0].NextAnnounce!.Value.TotalSeconds;
        Assert.True(next > 100, $"The backoff has {next} s left.");
        dead = false;
        int before = trackers.Log.Count;
        trackers.Do((schedule, now) => schedule.NetworkChanged(now)).Run(30);
        Assert.Equal(["a", "b"], trackers.Log.Skip(before).Select(l => l.Tracker).Distinct().Order());
        Assert.Equal(2, trackers.Log.Count - before);
    }

    [Fact]
    public void Another_network_does_not_outweigh_when_to_retry()
    {
        VirtualTrackers trackers = new VirtualTrackers("a")
            .Script("a", _ => (new AnnounceReply { FailureReason = "busy", RetryIn = TimeSpan.FromMinutes(50) }, 0)).Start().Run(60);
        trackers.Do((schedule, now) => schedule.NetworkChanged(now)).Run(Hour);
        Assert.Equal([0, 3000], trackers.Of("a").Select(l => l.At));
    }

    [Fact]
    public void Retry_in_is_kept_and_never_means_never()
    {
        VirtualTrackers trackers = new VirtualTrackers("a|b|c")
            .Script("a", _ => (new AnnounceReply { FailureReason = "busy", RetryIn = TimeSpan.FromMinutes(50) }, 0))
            .Script("b", _ => (new AnnounceReply { FailureReason = "no tracker", NeverRetry = true }, 0))
            .Start();
        for (int i = 0; i < 60; i++)
            trackers.Do((schedule, now) => schedule.AnnounceNow(now)).Run(60);
        Assert.Equal([0, 3000], trackers.Of("a").Select(l => l.At));
        Assert.Single(trackers.Of("b"));
        TrackerSnapshot snapshot = trackers.Schedule.Snapshot(trackers.Now)[1];
        Assert.Equal(("no tracker", null), (snapshot.Error, snapshot.NextAnnounce));
    }
}
