using CcBt.Core.Addressing;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

/// <summary>The last candidate that has room, the first that counts as enough, and routers beside them.</summary>
public sealed class LookupEdgeTests
{
    private readonly Random _random = new(32);

    private static PeerAddress Local(int index) => PeerAddress.FromV4(0x0A000000 + (uint)index, 6881);

    private Lookup NewLookup() => new(1, NodeId.Random(_random), LookupPurpose.Peers);

    private static List<PeerAddress> FailAll(Lookup lookup)
    {
        var asked = new List<PeerAddress>();
        while (lookup.Next() is { } candidate)
        {
            lookup.Asked(candidate);
            lookup.Failed(candidate);
            asked.Add(candidate.Address);
        }
        return asked;
    }

    [Fact]
    public void It_is_hungry_until_eight_may_live()
    {
        Lookup lookup = NewLookup();
        lookup.Add(null, Local(100), isRouter: true);
        for (int i = 0; i < Limits.DhtBucketNodes; i++)
        {
            Assert.True(lookup.IsHungry);
            lookup.Add(NodeId.Random(_random), Local(i));
        }
        Assert.False(lookup.IsHungry);
    }

    [Fact]
    public void A_router_may_stand_in_the_network_of_a_node()
    {
        Lookup lookup = NewLookup();
        PeerAddress node = NodeProbe.Global(1), neighbour = PeerAddress.FromV4((uint)node.Low + 1, 6881);
        Assert.True(lookup.Add(NodeId.Random(_random), node));
        Assert.False(lookup.Add(NodeId.Random(_random), neighbour));
        Assert.True(lookup.Add(null, neighbour, isRouter: true));
    }

    [Fact]
    public void In_a_full_list_the_farthest_makes_room()
    {
        Lookup lookup = NewLookup();
        NodeId[] ids = [.. Enumerable.Range(0, Limits.DhtLookupCandidates).Select(_ => NodeId.Random(_random)).OrderByDescending(id => id ^ lookup.Target)];
        lookup.Add(null, Local(500), isRouter: true);
        for (int i = 0; i < ids.Length; i++)
            Assert.True(lookup.Add(ids[i], Local(i)));
        LookupCandidate router = lookup.Next()!;
        lookup.Asked(router);
        lookup.Answered(router, NodeId.Random(_random), null);
        FailAll(lookup);
        lookup.Revive();
        Assert.Equal(Enumerable.Range(1, ids.Length - 1).Select(Local), FailAll(lookup).Order());
    }

    [Fact]
    public void Routers_that_failed_are_revived_and_nodes_are_not()
    {
        Lookup lookup = NewLookup();
        Assert.False(lookup.ReviveRouters());
        lookup.Add(null, Local(1), isRouter: true);
        Assert.False(lookup.ReviveRouters());
        lookup.Add(NodeId.Random(_random), Local(2));
        Assert.False(lookup.ReviveRouters());
        Assert.Equal([Local(1), Local(2)], FailAll(lookup));
        Assert.True(lookup.ReviveRouters());
        Assert.Equal([Local(1)], FailAll(lookup));
    }

    [Fact]
    public void A_router_that_knew_nobody_is_asked_again_until_somebody_answers()
    {
        Lookup lookup = NewLookup();
        lookup.Add(null, Local(1), isRouter: true);
        lookup.Add(NodeId.Random(_random), Local(2));
        LookupCandidate router = lookup.Next()!;
        lookup.Asked(router);
        lookup.Answered(router, NodeId.Random(_random), null);
        Assert.True(lookup.ReviveRouters());
        Assert.Equal([Local(1), Local(2)], FailAll(lookup));
        Assert.True(lookup.ReviveRouters());
        router = lookup.Next()!;
        lookup.Asked(router);
        lookup.Answered(router, NodeId.Random(_random), null);
        lookup.Add(NodeId.Random(_random), Local(3));
        LookupCandidate node = lookup.Next()!;
        lookup.Asked(node);
        lookup.Answered(node, node.Id!.Value, null);
        Assert.False(lookup.ReviveRouters());
    }

    [Fact]
    public void The_hundredth_candidate_has_a_place_and_one_behind_it_has_none()
    {
        Lookup lookup = NewLookup();
        NodeId[] ids = [.. Enumerable.Range(0, Limits.DhtLookupCandidates + 1).Select(_ => NodeId.Random(_random)).OrderBy(id => id ^ lookup.Target)];
        for (int i = 0; i < Limits.DhtLookupCandidates; i++)
            Assert.True(lookup.Add(ids[i], Local(i)));
        Assert.False(lookup.Add(ids[^1], Local(Limits.DhtLookupCandidates)));
    }

    [Fact]
    public void A_contact_that_was_named_without_an_id_is_announced_to_once_it_has_answered()
    {
        Lookup lookup = NewLookup();
        lookup.Add(null, Local(1));
        LookupCandidate named = lookup.Next()!;
        lookup.Asked(named);
        lookup.Answered(named, NodeId.Random(_random), [1]);
        Assert.Equal([named], lookup.AnnounceTargets());
    }

    [Theory]
    [InlineData(true, false, Limits.DhtLookupQueries - Limits.DhtRouters)]
    [InlineData(true, true, Limits.DhtLookupQueries)]
    [InlineData(false, false, Limits.DhtLookupQueries)]
    public void Spent_queries_are_given_back_for_routers_while_nobody_has_answered(bool hasRouter, bool hasAnswer, int queries)
    {
        Lookup lookup = NewLookup();
        if (hasRouter)
            lookup.Add(null, Local(500), isRouter: true);
        FailAll(lookup);
        for (int i = 0; i < Limits.DhtLookupCandidates; i++)
            lookup.Add(NodeId.Random(_random), Local(i));
        if (hasAnswer)
        {
            LookupCandidate node = lookup.Next()!;
            lookup.Asked(node);
            lookup.Answered(node, node.Id!.Value, null);
        }
        FailAll(lookup);
        Assert.Equal(Limits.DhtLookupQueries, lookup.Queries);
        Assert.Equal(hasRouter, lookup.ReviveRouters());
        Assert.Equal(queries, lookup.Queries);
    }

    [Fact]
    public void It_does_not_wait_for_a_first_living_node_while_an_answer_can_come_or_when_one_came()
    {
        Lookup lookup = NewLookup();
        lookup.Add(NodeId.Random(_random), Local(1));
        LookupCandidate node = lookup.Next()!;
        lookup.Asked(node);
        Assert.False(lookup.IsStarved);
        lookup.Answered(node, node.Id!.Value, null);
        Assert.False(lookup.IsStarved);
    }

    [Fact]
    public void It_is_not_over_while_somebody_is_left_to_ask()
    {
        Lookup lookup = NewLookup();
        lookup.Add(NodeId.Random(_random), Local(1));
        lookup.Add(NodeId.Random(_random), Local(2));
        LookupCandidate node = lookup.Next()!;
        lookup.Asked(node);
        lookup.Answered(node, node.Id!.Value, null);
        Assert.False(lookup.IsFinished);
        FailAll(lookup);
        Assert.True(lookup.IsFinished);
    }

    [Fact]
    public void Slow_nodes_are_asked_twice_and_awaited_while_queries_are_left()
    {
        Lookup lookup = NewLookup();
        for (int i = 0; i < Limits.DhtLookupQueries / 2; i++)
            lookup.Add(NodeId.Random(_random), Local(i));
        LookupCandidate first = lookup.Next()!;
        lookup.Asked(first);
        lookup.Answered(first, first.Id!.Value, null);
        while (lookup.Next() is { } slow)
        {
            lookup.Asked(slow);
            lookup.Overdue(slow);
        }
        Assert.Equal(Limits.DhtLookupQueries - 1, lookup.Queries);
        Assert.False(lookup.IsFinished);
    }

    [Fact]
    public void Who_lost_its_place_to_closer_ones_does_not_get_it_back_by_its_answer()
    {
        Lookup lookup = NewLookup();
        NodeId[] ids = [.. Enumerable.Range(0, Limits.DhtLookupCandidates + 1).Select(_ => NodeId.Random(_random)).OrderByDescending(id => id ^ lookup.Target)];
        lookup.Add(ids[0], Local(0));
        LookupCandidate farthest = lookup.Next()!;
        lookup.Asked(farthest);
        for (int i = 1; i < ids.Length; i++)
            Assert.True(lookup.Add(ids[i], Local(i)));
        lookup.Answered(farthest, NodeId.Random(_random), [1]);
        Assert.Empty(lookup.AnnounceTargets());
    }
}
