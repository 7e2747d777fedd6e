using CcBt.Core.Swarm;

namespace CcBt.Core.Tests.Swarm;

/// <summary>Who of many has one of two slots for certain, and not only by the chance that everybody has at the other one.</summary>
public sealed class ChokerRankTests
{
    private const int Draws = 20;
    private static readonly TimeSpan Now = TimeSpan.FromSeconds(1000);

    // A rate over the last twenty seconds, and one over the last six.
    [Theory]
    [InlineData(256 * 20, 0, true)]
    [InlineData(256 * 20 - 1, 0, false)]
    [InlineData(256 * 20, 32 * 256 * 6, true)]
    [InlineData(256 * 20, 32 * 256 * 6 + 1, false)]
    public void Who_gives_256_bytes_a_second_and_a_32nd_part_of_what_it_takes_is_served(int given, int taken, bool isServed)
    {
        Assert.Equal(isServed, IsServed(Now, giver =>
        {
            giver.Upload.Add(10_000_000, TimeSpan.Zero);
            giver.Upload.Add(taken, Now);
            giver.Gave(given, given, Now);
        }));
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(60.1, false)]
    public void Who_has_not_given_for_a_minute_is_served_no_longer(double seconds, bool isServed)
    {
        Assert.Equal(isServed, IsServed(Now + TimeSpan.FromSeconds(seconds), giver =>
        {
            giver.Upload.Add(10_000_000, TimeSpan.Zero);
            giver.Gave(1_000_000, 1_000_000, Now);
        }));
    }

    [Theory]
    [InlineData(19.9, true)]
    [InlineData(20, false)]
    public void Who_has_just_got_a_slot_has_twenty_seconds_to_begin_to_give(double seconds, bool isServed)
        => Assert.Equal(isServed, IsServed(Now + TimeSpan.FromSeconds(seconds), static taker => taker.Upload.Add(1, Now), hasSlot: true));

    [Theory]
    [InlineData(1, true)]
    [InlineData(0, false)]
    public void While_seeding_who_gave_a_byte_more_than_it_got_is_served_before_others_that_wait_longer(int given, bool isServed)
    {
        Assert.Equal(isServed, IsServed(Now, giver =>
        {
            giver.UnchokedAt = TimeSpan.FromSeconds(1);
            giver.Gave(given, given, TimeSpan.Zero);
        }, isSeeding: true));
    }

    [Theory]
    [InlineData(29.9, 0, true)]
    [InlineData(30, 256 * 6 - 1, false)]
    [InlineData(30, 256 * 6, true)]
    public void While_seeding_who_takes_less_than_256_bytes_a_second_loses_its_slot_after_half_a_minute(double seconds, int taken, bool isServed)
    {
        TimeSpan round = Now + TimeSpan.FromSeconds(seconds);
        Assert.Equal(isServed, IsServed(round, taker => taker.Upload.Add(taken, round), hasSlot: true, isSeeding: true));
    }

    [Fact]
    public void Who_leaves_takes_no_slot_from_the_one_that_has_it_by_chance()
    {
        for (int seed = 0; seed < Draws; seed++)
        {
            (Choker choker, LinkTable links) = Crowd(seed, slots: 1);
            choker.Advance(Now + TimeSpan.FromSeconds(10));
            SwarmLink lucky = links.All.Single(static link => link.AmUnchoking), leaving = links.All.First(static link => !link.AmUnchoking);
            leaving.IsClosing = true;
            choker.Gone(leaving, Now);
            choker.Advance(choker.NextRound);
            Assert.True(lucky.AmUnchoking, $"seed {seed}");
        }
    }

    [Fact]
    public void While_there_is_a_slot_for_everybody_none_is_drawn()
    {
        int drawn = 0;
        for (int seed = 0; seed < Draws; seed++)
        {
            (Choker choker, LinkTable links) = Crowd(seed, slots: 2, others: 1);
            choker.Advance(Now + TimeSpan.FromSeconds(10));
            SwarmLink[] first = [.. links.All];
            Join(links, first: 3, count: 6);
            choker.Advance(choker.NextRound);
            drawn += Array.TrueForAll(first, static link => link.AmUnchoking) ? 0 : 1;
        }
        // The draw comes with the first round that has too few: of the seven at the second slot one had it.
        Assert.InRange(drawn, Draws / 2, Draws - 1);
    }

    /// <summary>Whether a peer with such a past has a slot after a round at that time, whatever is drawn; with <paramref name="hasSlot"/> it got one before.</summary>
    private static bool IsServed(TimeSpan round, Action<SwarmLink> past, bool hasSlot = false, bool isSeeding = false)
    {
        int served = 0;
        for (int seed = 0; seed < Draws; seed++)
        {
            (Choker choker, LinkTable links) = Crowd(seed, slots: 2, others: 0);
            choker.IsSeeding = isSeeding;
            SwarmLink link = links.Find(1)!;
            if (hasSlot)
                choker.BecameInterested(link, Now);
            past(link);
            Join(links, first: 2, count: 8);
            choker.Advance(round);
            served += link.AmUnchoking ? 1 : 0;
        }
        return served == Draws;
    }

    private static (Choker Choker, LinkTable Links) Crowd(int seed, int slots, int others = 8)
    {
        var links = new LinkTable();
        var choker = new Choker(links, new Outbox(), new SwarmOptions(), new Random(seed));
        choker.SetSlots(slots, Now - TimeSpan.FromSeconds(20));
        Join(links, first: 1, count: 1 + others);
        return (choker, links);
    }

    private static void Join(LinkTable links, int first, int count)
    {
        for (int id = first; id < first + count; id++)
            links.Add(new SwarmLink(id, VirtualSwarm.Address(id), true, true, TimeSpan.Zero) { PeerInterested = true });
    }
}
