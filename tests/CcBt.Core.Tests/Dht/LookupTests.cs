using CcBt.Core.Addressing;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

public sealed class LookupTests
{
    private readonly Random _random = new(31);

    private static PeerAddress Local(int index) => PeerAddress.FromV4(0x0A000000 + (uint)index, 6881);

    private Lookup NewLookup() => new(1, NodeId.Random(_random), LookupPurpose.Peers);

    /// <summary>Asks everyone it may; each answers at once and names nobody.</summary>
    private static List<LookupCandidate> RunToEnd(Lookup lookup)
    {
        var asked = new List<LookupCandidate>();
        while (lookup.Next() is { } candidate)
        {
            lookup.Asked(candidate);
            lookup.Answered(candidate, candidate.Id ?? default, [1]);
            asked.Add(candidate);
        }
        return asked;
    }

    [Fact]
    public void The_closest_are_asked_first_and_eight_answers_end_it()
    {
        Lookup lookup = NewLookup();
        NodeId[] ids = [.. Enumerable.Range(0, 50).Select(_ => NodeId.Random(_random))];
        for (int i = 0; i < ids.Length; i++)
            Assert.True(lookup.Add(ids[i], Local(i)));
        Assert.Equal(ids.OrderBy(id => id ^ lookup.Target).Take(8), RunToEnd(lookup).Select(candidate => candidate.Id!.Value));
        Assert.True(lookup.IsFinished);
        Assert.Equal(8, lookup.AnnounceTargets().Count);
    }

    [Fact]
    public void Four_are_asked_at_once_and_an_overdue_one_makes_way()
    {
        Lookup lookup = NewLookup();
        for (int i = 0; i < 20; i++)
            lookup.Add(NodeId.Random(_random), Local(i));
        var asked = new List<LookupCandidate>();
        while (lookup.Next() is { } candidate)
        {
            asked.Add(candidate);
            lookup.Asked(candidate);
        }
        Assert.Equal(4, asked.Count);
        lookup.Overdue(asked[0]);
        LookupCandidate fifth = lookup.Next()!;
        lookup.Asked(fifth);
        Assert.Null(lookup.Next());
        lookup.Answered(asked[0], asked[0].Id!.Value, null);
        Assert.Equal(1, lookup.Answers);
        Assert.False(lookup.IsFinished);
    }

    [Fact]
    public void Hops_count_the_nodes_that_had_to_name_the_next()
    {
        Lookup lookup = NewLookup();
        lookup.Add(NodeId.Random(_random), Local(0));
        for (int hop = 1; hop <= 3; hop++)
        {
            LookupCandidate candidate = lookup.Next()!;
            lookup.Asked(candidate);
            lookup.Add(NodeId.Random(_random), Local(hop), candidate);
            Assert.Equal(hop - 1, lookup.Hops);
            lookup.Answered(candidate, candidate.Id!.Value, null);
            Assert.Equal(hop, lookup.Hops);
        }
    }

    [Fact]
    public void Candidates_and_queries_are_bounded()
    {
        Lookup lookup = NewLookup();
        for (int i = 0; i < 5_000; i++)
            lookup.Add(NodeId.Random(_random), Local(i));
        int asked = 0;
        while (lookup.Next() is { } candidate)
        {
            lookup.Asked(candidate);
            lookup.Failed(candidate);
            lookup.Add(NodeId.Random(_random), Local(10_000 + asked++));
        }
        Assert.InRange(asked, Limits.DhtLookupCandidates, Limits.DhtLookupQueries);
        for (int i = 0; i < 2 * Limits.DhtLookupPeers; i++)
            Assert.Equal(i < Limits.DhtLookupPeers, lookup.AddPeer(Local(i)));
        Assert.Equal(Limits.DhtLookupPeers, lookup.PeerCount);
    }

    [Fact]
    public void A_cancelled_lookup_asks_nobody()
    {
        Lookup lookup = NewLookup();
        lookup.Add(NodeId.Random(_random), Local(1));
        Assert.NotNull(lookup.Next());
        lookup.IsCancelled = true;
        Assert.Null(lookup.Next());
    }

    [Fact]
    public void When_all_queries_are_spent_only_those_in_time_are_awaited()
    {
        Lookup lookup = NewLookup();
        for (int i = 0; i < Limits.DhtLookupCandidates; i++)
            lookup.Add(NodeId.Random(_random), Local(i));
        LookupCandidate? last = null;
        for (int i = 0; lookup.Next() is { } candidate; i++)
        {
            lookup.Asked(candidate);
            if (i == 0)
                lookup.Answered(candidate, candidate.Id!.Value, null);
            else if (lookup.Queries < Limits.DhtLookupQueries)
                lookup.Overdue(candidate);
            last = candidate;
        }
        Assert.Equal(Limits.DhtLookupQueries, lookup.Queries);
        Assert.False(lookup.IsFinished);
        lookup.Overdue(last!);
        Assert.True(lookup.IsFinished);
    }

    [Fact]
    public void Many_answers_from_ids_that_do_not_fit_end_it_too()
    {
        Lookup lookup = NewLookup();
        for (int i = 0; i < 60; i++)
            lookup.Add(NodeId.Random(_random), NodeProbe.Global(i));
        Assert.Equal(Limits.DhtLookupAnswers, RunToEnd(lookup).Count);
        Assert.True(lookup.IsFinished);
    }

    [Fact]
    public void Contacts_without_an_id_are_asked_first_and_in_the_order_of_their_naming()
    {
        Lookup lookup = NewLookup();
        lookup.Add(NodeId.Random(_random), Local(0));
        for (int i = 1; i <= 3; i++)
            Assert.True(lookup.Add(null, Local(i)));
        var asked = new List<PeerAddress>();
        while (lookup.Next() is { } candidate)
        {
            lookup.Asked(candidate);
            asked.Add(candidate.Address);
        }
        Assert.Equal([Local(1), Local(2), Local(3), Local(0)], asked);
    }

    [Fact]
    public void A_router_of_a_global_address_is_asked_at_one_port()
    {
        Lookup lookup = NewLookup();
        Assert.True(lookup.Add(null, NodeProbe.Global(1, 1000), isRouter: true));
        Assert.False(lookup.Add(null, NodeProbe.Global(1, 1001), isRouter: true));
        Assert.True(lookup.Add(NodeId.Random(_random), PeerAddress.FromV4((uint)NodeProbe.Global(1).Low ^ 1, 1000)));
    }

    [Fact]
    public void Of_doubted_contacts_the_closest_is_asked_first()
    {
        Lookup lookup = NewLookup();
        lookup.Add(NodeId.Random(_random), Local(0));
        LookupCandidate teller = lookup.Next()!;
        lookup.Asked(teller);
        for (int i = 1; i <= 8; i++)
        {
            byte[] id = lookup.Target.ToArray();
            id[^1] ^= (byte)i;
            lookup.Add(new NodeId(id), Local(i), teller);
        }
        lookup.Answered(teller, teller.Id!.Value, null);
        for (int i = 1; i <= 8; i++)
        {
            LookupCandidate next = lookup.Next()!;
            Assert.Equal((Local(i), i > Limits.DhtUnprovenContacts), (next.Address, next.IsDoubted));
            lookup.Asked(next);
            lookup.Failed(next);
        }
    }

    [Fact]
    public void Who_named_one_node_that_answered_is_not_doubted_for_those_that_did_not()
    {
        Lookup lookup = NewLookup();
        lookup.Add(NodeId.Random(_random), Local(0));
        LookupCandidate teller = lookup.Next()!;
        lookup.Asked(teller);
        for (int i = 1; i <= Limits.DhtUnprovenContacts + 1; i++)
        {
            byte[] id = lookup.Target.ToArray();
            id[^1] ^= (byte)i;
            lookup.Add(new NodeId(id), Local(i), teller);
        }
        lookup.Answered(teller, teller.Id!.Value, null);
        LookupCandidate alive = lookup.Next()!;
        lookup.Asked(alive);
        lookup.Answered(alive, alive.Id!.Value, null);
        for (int i = 1; i < Limits.DhtUnprovenContacts; i++)
        {
            LookupCandidate dead = lookup.Next()!;
            lookup.Asked(dead);
            lookup.Failed(dead);
        }
        Assert.False(lookup.Next()!.IsDoubted);
    }

    [Fact]
    public void A_teller_of_ghosts_wastes_three_queries()
    {
        Lookup lookup = NewLookup();
        lookup.Add(NodeId.Random(_random), Local(0));
        LookupCandidate liar = lookup.Next()!;
        lookup.Asked(liar);
        for (int i = 1; i <= 8; i++)
        {
            byte[] id = lookup.Target.ToArray();
            id[^1] ^= (byte)i;
            lookup.Add(new NodeId(id), Local(i), liar);
        }
        lookup.Answered(liar, liar.Id!.Value, null);
        NodeId[] honest = [.. Enumerable.Range(0, 8).Select(_ => NodeId.Random(_random))];
        for (int i = 0; i < honest.Length; i++)
            lookup.Add(honest[i], Local(100 + i));
        int ghosts = 0;
        while (lookup.Next() is { } candidate)
        {
            lookup.Asked(candidate);
            if (honest.Contains(candidate.Id!.Value))
            {
                lookup.Answered(candidate, candidate.Id.Value, null);
                continue;
            }
            ghosts++;
            lookup.Failed(candidate);
        }
        Assert.Equal(Limits.DhtUnprovenContacts, ghosts);
        Assert.True(lookup.IsFinished);
    }

    [Fact]
    public void One_node_for_each_global_address_and_network()
    {
        Lookup lookup = NewLookup();
        PeerAddress address = NodeProbe.Global(1);
        Assert.True(lookup.Add(NodeId.Random(_random), address));
        Assert.False(lookup.Add(NodeId.Random(_random), address.WithPort(99)));
        Assert.False(lookup.Add(NodeId.Random(_random), PeerAddress.FromV4((uint)address.Low + 1, 6881)));
        LookupCandidate dead = lookup.Next()!;
        lookup.Asked(dead);
        lookup.Failed(dead);
        Assert.False(lookup.Add(NodeId.Random(_random), address));
        Assert.True(lookup.Add(NodeId.Random(_random), PeerAddress.FromV4((uint)address.Low + 1, 6881)));
        Assert.True(lookup.Add(NodeId.Random(_random), PeerAddress.FromV4(0x7F000001, 1)));
        Assert.True(lookup.Add(NodeId.Random(_random), PeerAddress.FromV4(0x7F000001, 2)));
    }

    [Fact]
    public void A_node_stands_where_its_real_id_puts_it()
    {
        Lookup lookup = NewLookup();
        byte[] near = lookup.Target.ToArray();
        near[^1] ^= 1;
        byte[] far = lookup.Target.ToArray();
        far[0] ^= 0x80;
        lookup.Add(new NodeId(near), Local(1));
        LookupCandidate liar = lookup.Next()!;
        lookup.Asked(liar);
        for (int i = 0; i < 8; i++)
        {
            byte[] id = lookup.Target.ToArray();
            id[1] ^= (byte)(1 + i);
            lookup.Add(new NodeId(id), Local(10 + i));
        }
        lookup.Answered(liar, new NodeId(far), [1]);
        RunToEnd(lookup);
        Assert.DoesNotContain(liar, lookup.AnnounceTargets());
    }

    [Fact]
    public void Announces_go_to_compliant_ids_first()
    {
        Lookup lookup = NewLookup();
        PeerAddress bad = NodeProbe.Global(1), good = NodeProbe.Global(2);
        byte[] near = lookup.Target.ToArray();
        lookup.Add(new NodeId(near), bad);
        lookup.Add(NodeIdentity.Create(good, _random), good);
        RunToEnd(lookup);
        Assert.Equal([good, bad], lookup.AnnounceTargets().Select(target => target.Address));
    }

    [Fact]
    public void Without_any_answer_it_waits_and_can_begin_again()
    {
        Lookup lookup = NewLookup();
        Assert.True(lookup.IsStarved);
        Assert.False(lookup.IsFinished);
        lookup.Add(null, Local(1), isRouter: true);
        lookup.Add(null, Local(2));
        while (lookup.Next() is { } candidate)
        {
            lookup.Asked(candidate);
            lookup.Failed(candidate);
        }
        Assert.True(lookup.IsStarved);
        lookup.Revive();
        Assert.False(lookup.IsStarved);
        Assert.NotNull(lookup.Next());
    }

    [Fact]
    public void A_router_is_no_result_while_there_are_nodes()
    {
        Lookup lookup = NewLookup();
        lookup.Add(null, Local(1), isRouter: true);
        LookupCandidate router = lookup.Next()!;
        lookup.Asked(router);
        lookup.Add(NodeId.Random(_random), Local(2), router);
        lookup.Answered(router, NodeId.Random(_random), [1]);
        Assert.Equal(0, lookup.Answers);
        Assert.False(lookup.IsFinished);
        Assert.Equal(Local(2), RunToEnd(lookup).Single().Address);
        Assert.True(lookup.IsFinished);
        Assert.Equal(Local(2), lookup.AnnounceTargets().Single().Address);
    }

    [Fact]
    public void A_router_whose_nodes_are_dead_leaves_the_lookup_waiting()
    {
        Lookup lookup = NewLookup();
        lookup.Add(null, Local(1), isRouter: true);
        LookupCandidate router = lookup.Next()!;
        lookup.Asked(router);
        lookup.Add(NodeId.Random(_random), Local(2), router);
        lookup.Answered(router, NodeId.Random(_random), [1]);
        LookupCandidate dead = lookup.Next()!;
        lookup.Asked(dead);
        lookup.Failed(dead);
        Assert.False(lookup.IsFinished);
        Assert.True(lookup.IsStarved);
    }
}
