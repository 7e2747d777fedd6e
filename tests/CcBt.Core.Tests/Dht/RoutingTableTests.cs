using CcBt.Core.Addressing;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

public sealed class RoutingTableTests
{
    private static readonly TimeSpan s_start = TimeSpan.FromHours(1);
    private readonly Random _random = new(21);

    private static NodeContact Local(NodeId id, int index) => new(id, PeerAddress.FromV4(0x0A000000 + (uint)index, 6881));

    /// <summary>An id that shares exactly <paramref name="bits"/> leading bits with <paramref name="own"/>.</summary>
    private NodeId Sharing(NodeId own, int bits)
    {
        byte[] id = NodeId.Random(_random).ToArray();
        for (int i = 0; i <= bits; i++)
        {
            int mask = 0x80 >> i % 8;
            bool bit = own.Bit(i) ^ (i == bits);
            id[i / 8] = (byte)(bit ? id[i / 8] | mask : id[i / 8] & ~mask);
        }
        return new NodeId(id);
    }

    private RoutingTable Filled(int nodes, out NodeId own)
    {
        own = NodeId.Random(_random);
        var table = new RoutingTable(own);
        for (int i = 0; i < nodes; i++)
            table.Answered(Local(NodeId.Random(_random), i), s_start);
        return table;
    }

    [Fact]
    public void Only_the_bucket_of_our_own_id_splits()
    {
        RoutingTable table = Filled(2_000, out _);
        // Eight buckets of eight are full at 2,000 random nodes, and a few hold the neighbourhood.
        Assert.InRange(table.Count, 60, 90);
        Assert.InRange(table.BucketCount, 7, 14);
    }

    [Fact]
    public void Sybils_with_our_own_id_as_prefix_end_the_splitting_at_160()
    {
        var own = NodeId.Random(_random);
        var table = new RoutingTable(own);
        for (int i = 0; i < 400; i++)
        {
            byte[] id = own.ToArray();
            id[^1] ^= (byte)(1 + i % 255);
            id[^2] ^= (byte)(i / 255);
            table.Answered(Local(new NodeId(id), i), s_start);
        }
        Assert.InRange(table.BucketCount, 140, 160);
    }

    [Fact]
    public void The_closest_nodes_are_those_that_sorting_finds()
    {
        RoutingTable table = Filled(500, out _);
        for (int round = 0; round < 50; round++)
        {
            NodeId target = NodeId.Random(_random);
            var closest = new NodeContact[8];
            Assert.Equal(8, table.Closest(target, closest, NodeChoice.Good, s_start));
            Assert.Equal(table.Nodes.Select(node => node.Contact).OrderBy(contact => contact.Id ^ target).Take(8), closest);
        }
        Assert.Equal(0, table.Closest(default, new NodeContact[8], NodeChoice.Good, s_start + TimeSpan.FromMinutes(16)));
        Assert.Equal(8, table.Closest(default, new NodeContact[8], NodeChoice.Live, s_start + TimeSpan.FromMinutes(16)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(200)]
    [InlineData(3_000)]
    public void The_closest_nodes_are_those_that_sorting_finds_however_near_the_target_is_and_whoever_is_silent(int nodes)
    {
        RoutingTable table = Filled(nodes, out NodeId own);
        TimeSpan later = s_start + TimeSpan.FromMinutes(20);
        foreach (TableNode node in table.Nodes.Where(_ => _random.Next(3) > 0).ToArray())
            table.Answered(node.Contact, later);
        foreach (TableNode node in table.Nodes.Where(_ => _random.Next(4) == 0).ToArray())
        {
            node.Failed();
            node.Failed();
        }
        for (int bits = 0; bits < 40; bits++)
        {
            NodeId target = Sharing(own, bits);
            foreach ((NodeChoice choice, int most) in (ReadOnlySpan<(NodeChoice, int)>)[(NodeChoice.Good, 8), (NodeChoice.Live, 16), (NodeChoice.Any, 3), (NodeChoice.Live, 1)])
            {
                var closest = new NodeContact[most];
                int count = table.Closest(target, closest, choice, later);
                IEnumerable<TableNode> meant = table.Nodes.Where(node => choice switch { NodeChoice.Good => node.IsGood(later), NodeChoice.Live => !node.IsBad, _ => true });
                Assert.Equal(meant.Select(node => node.Contact).OrderBy(contact => contact.Id ^ target).Take(most), closest[..count]);
            }
        }
        Assert.Equal(table.LiveCount > 0, table.HasLive);
    }

    [Fact]
    public void A_table_of_nodes_that_all_failed_has_none_that_lives()
    {
        RoutingTable table = Filled(3, out _);
        Assert.True(table.HasLive);
        foreach (TableNode node in table.Nodes)
        {
            node.Failed();
            node.Failed();
        }
        Assert.False(table.HasLive);
        Assert.False(new RoutingTable(NodeId.Random(_random)).HasLive);
    }

    [Fact]
    public void A_global_address_has_one_node_and_a_network_one_per_bucket()
    {
        var own = NodeId.Random(_random);
        var table = new RoutingTable(own);
        PeerAddress first = NodeProbe.Global(1, 1000);
        table.Answered(new NodeContact(Sharing(own, 0), first), s_start);
        table.Answered(new NodeContact(Sharing(own, 1), first.WithPort(1001)), s_start);
        Assert.Equal(1, table.Count);
        PeerAddress neighbour = PeerAddress.FromV4((uint)first.Low + 1, 1000);
        table.Answered(new NodeContact(Sharing(own, 0), neighbour), s_start);
        Assert.Equal(1, table.Count);
        for (int i = 2; i < 30; i++)
            table.Answered(new NodeContact(Sharing(own, i % 4), NodeProbe.Global(i)), s_start);
        int before = table.Count;
        // In another bucket the same network may have another node.
        table.Answered(new NodeContact(Sharing(own, 12), neighbour), s_start);
        Assert.Equal(before + 1, table.Count);
    }

    [Fact]
    public void Loopback_nodes_may_share_an_address()
    {
        var table = new RoutingTable(NodeId.Random(_random));
        for (int i = 0; i < 8; i++)
            table.Answered(new NodeContact(NodeId.Random(_random), PeerAddress.FromV4(0x7F000001, (ushort)(1000 + i))), s_start);
        Assert.Equal(8, table.Count);
    }

    [Fact]
    public void An_address_that_changes_its_id_is_thrown_out()
    {
        RoutingTable table = Filled(5, out _);
        NodeContact node = table.Nodes.First().Contact;
        NodeContact changed = node with { Id = NodeId.Random(_random) };
        table.Answered(changed, s_start);
        Assert.Equal(4, table.Count);
        Assert.Null(table.Find(node.Address));
        table.Answered(changed, s_start);
        Assert.Equal(5, table.Count);
    }

    [Fact]
    public void A_living_node_keeps_its_id_against_another_address()
    {
        RoutingTable table = Filled(5, out _);
        NodeContact node = table.Nodes.First().Contact;
        NodeContact thief = Local(node.Id, 99);
        table.Answered(thief, s_start);
        Assert.Null(table.Find(thief.Address));
        table.Failed(node.Address);
        table.Failed(node.Address);
        table.Answered(thief, s_start);
        Assert.NotNull(table.Find(thief.Address));
        Assert.Null(table.Find(node.Address));
    }

    [Fact]
    public void A_bad_node_gives_its_place_to_the_one_that_waits()
    {
        RoutingTable table = FullFarBucket(out NodeId own, out List<NodeContact> far);
        NodeContact waiting = Local(Sharing(own, 0), 5_000);
        TimeSpan later = s_start + TimeSpan.FromMinutes(16);
        foreach (NodeContact contact in far[1..])
            table.Answered(contact, later);
        Assert.Equal(far[0], table.Answered(waiting, later)!.Contact);
        Assert.Null(table.Find(waiting.Address));
        Assert.Equal(far[0], table.Failed(far[0].Address)!.Contact);
        Assert.Null(table.Failed(far[0].Address));
        Assert.NotNull(table.Find(waiting.Address));
        Assert.Null(table.Find(far[0].Address));
    }

    [Fact]
    public void Good_nodes_are_never_replaced()
    {
        RoutingTable table = FullFarBucket(out NodeId own, out List<NodeContact> far);
        for (int i = 0; i < 100; i++)
            Assert.Null(table.Answered(Local(Sharing(own, 0), 6_000 + i), s_start));
        Assert.All(far, contact => Assert.NotNull(table.Find(contact.Address)));
    }

    [Fact]
    public void A_compliant_id_takes_the_place_of_one_that_is_not()
    {
        PeerAddress ownAddress = NodeProbe.Global(0);
        NodeId own = NodeIdentity.Create(ownAddress, _random);
        var table = new RoutingTable(own);
        for (int i = 1; i < 60; i++)
            table.Answered(new NodeContact(Sharing(own, i % 3), NodeProbe.Global(i)), s_start);
        int compliant = 0;
        for (int i = 100; i < 200; i++)
        {
            PeerAddress address = NodeProbe.Global(i);
            NodeId id = NodeIdentity.Create(address, _random);
            if ((id ^ own).LeadingZeros != 0)
                continue;
            table.Answered(new NodeContact(id, address), s_start);
            compliant += table.Find(address) is null ? 0 : 1;
        }
        Assert.Equal(8, compliant);
    }

    [Fact]
    public void A_questionable_node_that_asks_us_is_good_again()
    {
        RoutingTable table = Filled(1, out _);
        TableNode node = table.Nodes.Single();
        TimeSpan later = s_start + TimeSpan.FromMinutes(20);
        Assert.False(node.IsGood(later));
        Assert.False(table.Queried(new NodeContact(NodeId.Random(_random), node.Address.WithPort(9)), later));
        Assert.True(table.Queried(node.Contact, later));
        Assert.True(node.IsGood(later));
        node.Failed();
        node.Failed();
        Assert.False(node.IsGood(later));
    }

    [Fact]
    public void Refreshes_ask_for_ids_inside_each_bucket_once_in_fifteen_minutes()
    {
        RoutingTable table = Filled(300, out NodeId own);
        TimeSpan later = s_start + TimeSpan.FromMinutes(16);
        var shared = new List<int>();
        while (table.NextRefresh(later, _random) is { } id)
            shared.Add((id ^ own).LeadingZeros);
        Assert.Equal(table.BucketCount, shared.Count);
        Assert.Equal(Enumerable.Range(0, table.BucketCount - 1), shared[..^1]);
        Assert.True(shared[^1] >= table.BucketCount - 1);
        Assert.Null(table.NextRefresh(later + TimeSpan.FromMinutes(14), _random));
        Assert.NotNull(table.NextRefresh(later + TimeSpan.FromMinutes(15), _random));
        Assert.Null(new RoutingTable(own).NextRefresh(later, _random));
    }

    [Fact]
    public void A_new_own_id_keeps_the_nodes_that_fit()
    {
        RoutingTable table = Filled(500, out _);
        int before = table.Count;
        var own = NodeId.Random(_random);
        table.ChangeOwnId(own, s_start);
        Assert.Equal(own, table.OwnId);
        Assert.InRange(table.Count, before / 3, before + 64);
    }

    private RoutingTable FullFarBucket(out NodeId own, out List<NodeContact> far)
    {
        own = NodeId.Random(_random);
        var table = new RoutingTable(own);
        far = [];
        for (int i = 0; i < 8; i++)
        {
            far.Add(Local(Sharing(own, 0), i));
            table.Answered(far[i], s_start);
        }
        for (int i = 0; i < 8; i++)
            table.Answered(Local(Sharing(own, 5 + i), 100 + i), s_start);
        Assert.Equal(16, table.Count);
        return table;
    }

    [Fact]
    public void There_is_room_in_a_bucket_that_is_not_full_or_splits_or_holds_a_silent_node()
    {
        RoutingTable table = FullFarBucket(out NodeId own, out List<NodeContact> far);
        NodeContact newcomer = Local(Sharing(own, 0), 5_000);
        Assert.False(table.HasRoomFor(newcomer, s_start));
        Assert.True(table.HasRoomFor(newcomer, s_start + TimeSpan.FromMinutes(16)));
        Assert.True(table.HasRoomFor(Local(Sharing(own, 30), 5_000), s_start));
        Assert.False(table.HasRoomFor(Local(own, 5_000), s_start + TimeSpan.FromMinutes(16)));
        Assert.False(table.HasRoomFor(far[0] with { Id = Sharing(own, 30) }, s_start + TimeSpan.FromMinutes(16)));
        var halfFull = new RoutingTable(own);
        for (int i = 0; i < 9; i++)
            halfFull.Answered(Local(Sharing(own, i < 8 ? 1 : 0), i), s_start);
        Assert.True(halfFull.HasRoomFor(newcomer, s_start));
    }

    [Fact]
    public void Bad_nodes_are_told_only_to_who_takes_any()
    {
        RoutingTable table = Filled(3, out _);
        NodeContact bad = table.Nodes.First().Contact;
        table.Failed(bad.Address);
        table.Failed(bad.Address);
        var closest = new NodeContact[8];
        Assert.Equal(2, table.Closest(default, closest, NodeChoice.Good, s_start));
        Assert.Equal(2, table.Closest(default, closest, NodeChoice.Live, s_start));
        Assert.Equal(3, table.Closest(default, closest, NodeChoice.Any, s_start));
    }

    [Fact]
    public void Somebody_with_our_own_id_is_no_node()
    {
        RoutingTable table = Filled(1, out NodeId own);
        Assert.Null(table.Answered(Local(own, 2), s_start));
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void A_bad_node_of_a_global_address_gives_way_to_another_port_and_a_living_one_does_not()
    {
        var table = new RoutingTable(NodeId.Random(_random));
        PeerAddress first = NodeProbe.Global(1, 1000), second = first.WithPort(1001);
        var newcomer = new NodeContact(NodeId.Random(_random), second);
        table.Answered(new NodeContact(NodeId.Random(_random), first), s_start);
        table.Answered(newcomer, s_start);
        Assert.Null(table.Find(second));
        table.Failed(first);
        table.Failed(first);
        table.Answered(newcomer, s_start);
        Assert.NotNull(table.Find(second));
        Assert.Null(table.Find(first));
    }

    [Fact]
    public void One_bucket_holds_eight_nodes_and_the_ninth_splits_it()
    {
        var own = NodeId.Random(_random);
        var table = new RoutingTable(own);
        for (int i = 0; i < Limits.DhtBucketNodes; i++)
            table.Answered(Local(Sharing(own, i), i), s_start);
        Assert.Equal(1, table.BucketCount);
        table.Answered(Local(Sharing(own, 3), 100), s_start);
        Assert.Equal(2, table.BucketCount);
        Assert.Equal(Limits.DhtBucketNodes + 1, table.Count);
    }

    [Fact]
    public void A_global_address_has_one_node_also_where_another_port_belongs_to_another_bucket()
    {
        var own = NodeId.Random(_random);
        var table = new RoutingTable(own);
        PeerAddress first = NodeProbe.Global(1, 1000);
        table.Answered(new NodeContact(Sharing(own, 0), first), s_start);
        for (int i = 2; i <= 10; i++)
            table.Answered(new NodeContact(Sharing(own, i), NodeProbe.Global(i)), s_start);
        Assert.True(table.BucketCount > 1);
        table.Answered(new NodeContact(Sharing(own, 12), first.WithPort(1001)), s_start);
        Assert.Equal(10, table.Count);
        Assert.Null(table.Find(first.WithPort(1001)));
    }

    [Fact]
    public void Who_waits_gets_no_place_when_its_network_has_one_by_then()
    {
        var own = NodeId.Random(_random);
        var table = new RoutingTable(own);
        for (int i = 1; i <= Limits.DhtBucketNodes; i++)
            table.Answered(new NodeContact(Sharing(own, 0), NodeProbe.Global(i)), s_start);
        table.Answered(Local(Sharing(own, 5), 500), s_start);
        PeerAddress waiting = NodeProbe.Global(50), neighbour = PeerAddress.FromV4((uint)waiting.Low ^ 1, 6881);
        table.Answered(new NodeContact(Sharing(own, 0), waiting), s_start);
        NodeId compliant;
        do
            compliant = NodeIdentity.Create(neighbour, _random);
        while ((compliant ^ own).LeadingZeros != 0);
        table.Answered(new NodeContact(compliant, neighbour), s_start);
        Assert.NotNull(table.Find(neighbour));
        NodeContact dead = table.Nodes.First(node => !node.IsCompliant).Contact;
        table.Failed(dead.Address);
        table.Failed(dead.Address);
        Assert.Null(table.Find(dead.Address));
        Assert.Null(table.Find(waiting));
        Assert.Equal(Limits.DhtBucketNodes, table.Count);
    }
}
