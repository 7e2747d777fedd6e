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
    public void After_a_pause_those_who_left_are_tried_at_once_and_those_who_failed_later()
    {
        PeerPool pool = Pool();
        PeerAddress[] peers = Many(2);
        pool.Add(peers, PeerSource.Tracker, null, TimeSpan.Zero);
        pool.Left(pool.Find(peers[0])!, TimeSpan.Zero);
        pool.Failed(pool.Find(peers[1])!, TimeSpan.Zero);
        pool.SetPaused(true);
        Assert.Null(pool.Choose(TimeSpan.FromSeconds(1), seedsHelp: true, out _));
        pool.SetPaused(false);
        Candidate chosen = pool.Choose(TimeSpan.FromSeconds(1), seedsHelp: true, out _)!;
        Assert.Equal(peers[0], chosen.Address);
        chosen.State = CandidateState.Dialing;
        Assert.Null(pool.Choose(TimeSpan.FromSeconds(1), seedsHelp: true, out TimeSpan next));
        Assert.Equal(TimeSpan.FromSeconds(60), next);
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
        Assert.Equal(1, pool.Add([Parse("80.1.2.9:1000")], PeerSource.PeerExchange, Parse("80.7.7.7:1"), TimeSpan.Zero));
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Among_equals_the_canonical_priority_decides_as_soon_as_our_address_is_known(bool isKnownBefore)
    {
        PeerPool pool = Pool();
        PeerAddress own = Parse("123.213.32.10:6881");
        if (isKnownBefore)
            pool.SetExternal(own);
        PeerAddress[] peers = Many(200);
        pool.Add(peers, PeerSource.Tracker, null, TimeSpan.Zero);
        pool.SetExternal(Parse("10.0.0.1:6881"));
        pool.SetExternal(own);
        PeerAddress manual = Parse("99.1.2.3:6881"), local = Parse("10.0.0.9:70");
        pool.Add([manual], PeerSource.Manual, null, TimeSpan.Zero);
        pool.Add([local], PeerSource.LocalDiscovery, null, TimeSpan.Zero);

        var order = new List<PeerAddress>();
        while (pool.Choose(TimeSpan.Zero, true, out _) is { } candidate)
        {
            order.Add(candidate.Address);
            candidate.State = CandidateState.Dialing;
        }
        Assert.Equal([manual, local, .. peers.OrderByDescending(p => PeerPriority.Compute(own, p))], order);
    }

    [Fact]
    public void Without_our_address_different_clients_dial_in_different_orders()
    {
        PeerAddress[] First(int seed)
        {
            var pool = new PeerPool(new SwarmOptions(), new Random(seed));
            pool.Add(Many(200), PeerSource.Tracker, null, TimeSpan.Zero);
            return [.. Enumerable.Range(0, 5).Select(_ =>
            {
                Candidate candidate = pool.Choose(TimeSpan.Zero, true, out TimeSpan _)!;
                candidate.State = CandidateState.Dialing;
                return candidate.Address;
            })];
        }
        Assert.NotEqual(First(1), First(2));
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
    public void Who_gave_or_took_is_tried_beyond_three_failures_every_four_minutes_for_two_hours()
    {
        PeerPool pool = Pool();
        pool.Add(Many(1), PeerSource.Tracker, null, TimeSpan.Zero);
        Candidate known = pool.Find(Many(1)[0])!;
        known.UsefulAt = TimeSpan.Zero;
        TimeSpan now = TimeSpan.Zero, longest = TimeSpan.Zero;
        while (pool.Choose(now, true, out TimeSpan next) is { } candidate)
        {
            pool.Failed(candidate, now);
            Assert.Null(pool.Choose(now, true, out next));
            if (next == TimeSpan.MaxValue)
                break;
            longest = next - now > longest ? next - now : longest;
            now = next;
            // Once there is nothing left to download, it is given up like everybody else.
            Assert.Equal(candidate.Failures < Limits.PeerFailures, pool.Choose(now, false, out _) is not null);
        }
        Assert.Equal(TimeSpan.FromSeconds(Limits.LongestRetrySeconds), longest);
        Assert.InRange(now.TotalSeconds, Limits.KnownPeerSeconds - Limits.LongestRetrySeconds, Limits.KnownPeerSeconds + Limits.LongestRetrySeconds);
    }

    [Fact]
    public void While_nobody_gives_those_given_up_are_tried_again_one_every_other_second()
    {
        PeerPool pool = Pool();
        pool.Add(Many(20), PeerSource.Tracker, null, TimeSpan.Zero);
        foreach (PeerAddress peer in Many(20))
            pool.Find(peer)!.Failures = Limits.PeerFailures;
        Assert.Null(pool.Choose(TimeSpan.Zero, true, out TimeSpan never));
        Assert.Equal(TimeSpan.MaxValue, never);
        for (int i = 0; i < 20; i++)
        {
            TimeSpan now = TimeSpan.FromSeconds(2 * i);
            pool.Failed(pool.Choose(now, true, out _, isStarved: true)!, now);
            Assert.Null(pool.Choose(now, true, out TimeSpan next, isStarved: true));
            Assert.Equal(i < 19 ? now + TimeSpan.FromSeconds(2) : TimeSpan.FromSeconds(Limits.LongestRetrySeconds), next);
        }
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
        Assert.Null(pool.Find(Parse("80.1.1.1:1")));
        Assert.NotNull(pool.Find(Parse("80.1.1.2:1")));
        foreach (PeerSource source in new[] { PeerSource.Dht, PeerSource.PeerExchange, PeerSource.LocalDiscovery })
            Assert.Equal(0, pool.Add([Parse("80.1.1.3:1")], source, null, TimeSpan.Zero));
        PeerSource[] others = [PeerSource.Tracker, PeerSource.Magnet, PeerSource.Manual, PeerSource.SavedState, PeerSource.Inbound];
        foreach (PeerSource source in others)
            Assert.Equal(1, pool.Add([VirtualSwarm.Address((int)source)], source, null, TimeSpan.Zero));
    }

    [Fact]
    public void A_torrent_that_is_not_private_keeps_whom_it_knows()
    {
        PeerPool pool = Pool();
        pool.Add(Many(2), PeerSource.Dht, null, TimeSpan.Zero);
        pool.SetPrivate(false);
        Assert.Equal((2, false), (pool.Count, pool.IsPrivate));
    }

    [Fact]
    public void Who_is_named_by_another_source_too_or_goes_makes_room_for_peer_exchange()
    {
        PeerPool pool = Pool();
        int half = Limits.PoolAddresses / 2;
        PeerAddress[] peers = Many(half + 20);
        Assert.Equal(half, pool.Add(peers, PeerSource.PeerExchange, null, TimeSpan.Zero));
        pool.Add(peers.AsSpan(0, 3), PeerSource.Tracker, null, TimeSpan.Zero);
        Assert.Equal(3, pool.Add(peers.AsSpan(half), PeerSource.PeerExchange, null, TimeSpan.Zero));
        // What yet another one names has made its room already.
        pool.Add(peers.AsSpan(0, 3), PeerSource.Dht, null, TimeSpan.Zero);
        Assert.Equal(0, pool.Add(peers.AsSpan(half + 3), PeerSource.PeerExchange, null, TimeSpan.Zero));
        pool.Ban(peers[0].WithPort(0));
        Assert.Equal(0, pool.Add(peers.AsSpan(half + 3), PeerSource.PeerExchange, null, TimeSpan.Zero));
        pool.Ban(peers[10].WithPort(0));
        Assert.Equal(1, pool.Add(peers.AsSpan(half + 3), PeerSource.PeerExchange, null, TimeSpan.Zero));
    }

    [Fact]
    public void An_address_of_ours_and_a_banned_one_leave_the_pool()
    {
        PeerPool pool = Pool();
        pool.Add([Parse("80.1.1.1:1000"), Parse("80.1.1.2:1000"), Parse("80.1.1.3:1000")], PeerSource.Tracker, null, TimeSpan.Zero);
        pool.AddOwn(Parse("80.1.1.1:2000"));
        Assert.Equal(3, pool.Count);
        pool.AddOwn(Parse("80.1.1.1:1000"));
        Assert.Null(pool.Find(Parse("80.1.1.1:1000")));
        pool.Ban(Parse("80.1.1.2:1").WithPort(0));
        Assert.Equal(1, pool.Count);
        Assert.NotNull(pool.Find(Parse("80.1.1.3:1000")));
        Assert.True(pool.IsBanned(Parse("80.1.1.2:7")));
        Assert.False(pool.IsBanned(Parse("80.1.1.3:7")));
    }

    [Fact]
    public void The_oldest_ban_is_forgotten_when_there_are_too_many()
    {
        PeerPool pool = Pool();
        for (int i = 0; i <= Limits.BannedAddresses; i++)
        {
            pool.Ban(VirtualSwarm.Address(i).WithPort(0));
            pool.Ban(VirtualSwarm.Address(i).WithPort(0));
        }
        Assert.Equal(Limits.BannedAddresses, pool.BannedCount);
        Assert.False(pool.IsBanned(VirtualSwarm.Address(0)));
        Assert.True(pool.IsBanned(VirtualSwarm.Address(1)));
    }

    [Fact]
    public void A_seed_is_dialed_only_while_seeds_help()
    {
        PeerPool pool = Pool();
        pool.Add(Many(2), PeerSource.Tracker, null, TimeSpan.Zero);
        pool.Find(Many(1)[0])!.IsSeed = true;
        for (int i = 0; i < 10; i++)
            Assert.Equal(Many(2)[1], pool.Choose(TimeSpan.Zero, false, out _)!.Address);
        pool.Find(Many(2)[1])!.State = CandidateState.Linked;
        Assert.Null(pool.Choose(TimeSpan.Zero, false, out _));
        Assert.Equal(Many(1)[0], pool.Choose(TimeSpan.Zero, true, out _)!.Address);
    }

    [Fact]
    public void The_better_source_is_dialed_first_and_equals_by_chance()
    {
        PeerPool pool = Pool();
        var chosen = new HashSet<PeerAddress>();
        for (int seed = 0; seed < 200; seed++)
        {
            pool = new PeerPool(new SwarmOptions(), new Random(seed));
            pool.Add(Many(30)[20..], PeerSource.Dht, null, TimeSpan.Zero);
            pool.Add(Many(20)[10..], PeerSource.Tracker, null, TimeSpan.Zero);
            chosen.Add(pool.Choose(TimeSpan.Zero, true, out _)!.Address);
        }
        Assert.Equal(Many(20)[10..].Order(), chosen.Order());
        pool.Add([Many(30)[25]], PeerSource.Manual, null, TimeSpan.Zero);
        Assert.Equal(Many(30)[25], pool.Choose(TimeSpan.Zero, true, out _)!.Address);
    }

    [Fact]
    public void A_peer_that_failed_and_is_named_with_another_port_has_moved_there()
    {
        PeerPool pool = Pool();
        PeerAddress before = Parse("80.1.1.1:1000"), after = Parse("80.1.1.1:2000");
        pool.Add([before], PeerSource.Tracker, null, TimeSpan.Zero);
        Assert.Equal(0, pool.Add([after], PeerSource.Dht, null, TimeSpan.Zero));
        Candidate candidate = pool.Choose(TimeSpan.Zero, true, out _)!;
        Assert.Equal(before, candidate.Address);
        pool.Failed(candidate, TimeSpan.Zero);
        Assert.Equal(0, pool.Add([before], PeerSource.Dht, null, TimeSpan.FromSeconds(1)));
        Assert.Equal(1, pool.Add([after], PeerSource.Dht, null, TimeSpan.FromSeconds(1)));
        Assert.Null(pool.Choose(TimeSpan.FromSeconds(10), true, out TimeSpan next));
        Assert.Equal(TimeSpan.FromSeconds(11), next);
        Assert.Equal((after, 0), (pool.Choose(next, true, out _)!.Address, candidate.Failures));
        pool.Failed(candidate, next);
        candidate.State = CandidateState.Linked;
        Assert.Equal(0, pool.Add([before], PeerSource.Dht, null, next));
        Assert.Equal(after, candidate.Address);
    }

    [Fact]
    public void Naming_a_failed_peer_by_hand_tries_it_at_once()
    {
        PeerPool pool = Pool();
        pool.Add(Many(1), PeerSource.Tracker, null, TimeSpan.Zero);
        pool.Failed(pool.Choose(TimeSpan.Zero, true, out _)!, TimeSpan.Zero);
        Assert.Null(pool.Choose(TimeSpan.FromSeconds(5), true, out _));
        pool.Add(Many(1), PeerSource.Tracker, null, TimeSpan.FromSeconds(5));
        Assert.Null(pool.Choose(TimeSpan.FromSeconds(5), true, out _));
        pool.Add(Many(1), PeerSource.Manual, null, TimeSpan.FromSeconds(5));
        Assert.NotNull(pool.Choose(TimeSpan.FromSeconds(5), true, out _));
    }

    [Fact]
    public void Who_left_is_tried_again_after_a_minute_and_a_named_one_after_ten_seconds()
    {
        PeerPool pool = Pool();
        pool.Add(Many(1), PeerSource.Tracker, null, TimeSpan.Zero);
        Candidate candidate = pool.Find(Many(1)[0])!;
        candidate.Failures = 2;
        pool.Left(candidate, TimeSpan.FromSeconds(5));
        Assert.Equal((0, CandidateState.Idle, TimeSpan.FromSeconds(65)), (candidate.Failures, candidate.State, candidate.NextAttempt));
        pool.Add(Many(1), PeerSource.Magnet, null, TimeSpan.FromSeconds(5));
        pool.Left(candidate, TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(15), candidate.NextAttempt);
        pool.Failed(candidate, TimeSpan.FromSeconds(20));
        Assert.Equal(TimeSpan.FromSeconds(25), candidate.NextAttempt);
        pool.ForgiveAll();
        Assert.Equal((0, TimeSpan.Zero), (candidate.Failures, candidate.NextAttempt));
    }

    [Fact]
    public void The_user_s_own_peers_outlive_a_clearing_and_silence()
    {
        PeerPool pool = Pool();
        pool.Add(Many(1), PeerSource.Manual, null, TimeSpan.Zero);
        pool.Add(Many(3)[1..], PeerSource.Tracker, null, TimeSpan.Zero);
        pool.Find(Many(3)[1])!.State = CandidateState.Linked;
        pool.Add(Many(4)[3..], PeerSource.Tracker, null, Hour);
        Assert.Equal(3, pool.Count);
        Assert.Null(pool.Find(Many(3)[2]));
        pool.Forget();
        Assert.Equal(1, pool.Count);
        Assert.NotNull(pool.Find(Many(1)[0]));
    }

    [Fact]
    public void Room_is_made_by_the_worst_and_among_equals_by_the_oldest()
    {
        PeerPool pool = Pool();
        PeerAddress[] peers = Many(Limits.PoolAddresses + 3);
        pool.Add(peers.AsSpan(0, 10), PeerSource.Tracker, null, TimeSpan.FromSeconds(2));
        pool.Add(peers.AsSpan(10, 1), PeerSource.Tracker, null, TimeSpan.FromSeconds(1));
        pool.Add(peers.AsSpan(11, Limits.PoolAddresses - 11), PeerSource.Tracker, null, TimeSpan.FromSeconds(2));
        Assert.Equal(0, pool.Add(peers.AsSpan(Limits.PoolAddresses, 1), PeerSource.Tracker, null, TimeSpan.FromSeconds(3)));
        Assert.Equal(1, pool.Add(peers.AsSpan(Limits.PoolAddresses, 1), PeerSource.LocalDiscovery, null, TimeSpan.FromSeconds(3)));
        Assert.Null(pool.Find(peers[10]));
        pool.Failed(pool.Find(peers[7])!, TimeSpan.FromSeconds(3));
        pool.Find(peers[8])!.State = CandidateState.Linked;
        pool.Find(peers[8])!.Failures = 2;
        Assert.Equal(1, pool.Add(peers.AsSpan(Limits.PoolAddresses + 1, 1), PeerSource.Tracker, null, TimeSpan.FromSeconds(3)));
        Assert.Null(pool.Find(peers[7]));
        Assert.NotNull(pool.Find(peers[8]));
        Assert.Equal(Limits.PoolAddresses, pool.Count);
    }

    [Fact]
    public void Low_ports_are_dialed_only_by_option_or_when_the_user_named_them()
    {
        var pool = new PeerPool(new SwarmOptions { DialsPrivilegedPorts = false }, new Random(1));
        Assert.Equal(1, pool.Add([Parse("80.1.1.1:1023"), Parse("80.1.1.2:1024")], PeerSource.Tracker, null, TimeSpan.Zero));
        Assert.NotNull(pool.Find(Parse("80.1.1.2:1024")));
        Assert.Equal(1, pool.Add([Parse("80.1.1.1:1023")], PeerSource.Manual, null, TimeSpan.Zero));
        Assert.Equal(1, Pool().Add([Parse("80.1.1.1:1")], PeerSource.Tracker, null, TimeSpan.Zero));
    }

    [Fact]
    public void Who_is_put_out_is_not_dialed_before_the_time_is_over_whatever_happens()
    {
        PeerPool pool = Pool();
        PeerAddress known = Parse("80.1.1.1:1000"), later = Parse("80.1.1.2:1000");
        TimeSpan until = TimeSpan.FromMinutes(5);
        pool.Add([known], PeerSource.Tracker, null, TimeSpan.Zero);
        Candidate candidate = pool.Choose(TimeSpan.Zero, true, out _)!;
        pool.PutOut(known.WithPort(0), until);
        pool.PutOut(later.WithPort(0), until);
        pool.Failed(candidate, TimeSpan.FromSeconds(1));
        pool.Add([later, known.WithPort(2000)], PeerSource.Manual, null, TimeSpan.FromSeconds(2));
        pool.ForgiveAll();
        Assert.Null(pool.Choose(until - TimeSpan.FromSeconds(1), true, out TimeSpan next));
        Assert.Equal(until, next);
        Assert.True(pool.IsPutOut(known.WithPort(9), until - TimeSpan.FromSeconds(1)));
        Assert.False(pool.IsPutOut(known, until));
        Assert.NotNull(pool.Choose(until, true, out _));
    }

    [Fact]
    public void Who_is_put_out_stays_so_when_what_is_over_is_forgotten()
    {
        PeerPool pool = Pool();
        PeerAddress forShort = Parse("80.1.1.1:1000"), forLong = Parse("80.1.1.2:1000");
        pool.PutOut(forShort.WithPort(0), TimeSpan.FromMinutes(1));
        pool.PutOut(forLong.WithPort(0), TimeSpan.FromMinutes(5));
        TimeSpan later = TimeSpan.FromMinutes(2);
        Assert.Equal(2, pool.Add([forShort, forLong], PeerSource.Tracker, null, later));
        Assert.Equal((false, true), (pool.IsPutOut(forShort, later), pool.IsPutOut(forLong, later)));
        Assert.Equal(forShort, pool.Choose(later, true, out TimeSpan next)!.Address);
        Assert.Equal(TimeSpan.FromMinutes(5), next);
    }

    [Fact]
    public void A_peer_beside_us_that_moved_to_another_port_has_the_priority_of_that_port()
    {
        PeerPool pool = Pool();
        PeerAddress former = Parse("80.1.2.3:1000"), moved = Parse("80.1.2.3:2000");
        pool.SetExternal(Parse("80.1.2.3:6881"));
        pool.Add([former], PeerSource.Tracker, null, TimeSpan.Zero);
        Candidate candidate = pool.Find(former)!;
        Assert.Equal(pool.PriorityOf(former), candidate.Priority);
        pool.Failed(candidate, TimeSpan.Zero);
        pool.Add([moved], PeerSource.Tracker, null, TimeSpan.FromSeconds(1));
        Assert.Equal(moved, candidate.Address);
        Assert.NotEqual(pool.PriorityOf(former), pool.PriorityOf(moved));
        Assert.Equal(pool.PriorityOf(moved), candidate.Priority);
    }

    private static PeerPool Pool() => new(new SwarmOptions(), new Random(1));

    private static PeerAddress[] Many(int count) => [.. Enumerable.Range(0, count).Select(VirtualSwarm.Address)];

    private static PeerAddress Parse(string text)
    {
        Assert.True(PeerAddress.TryParse(text, out PeerAddress address));
        return address;
    }
}
