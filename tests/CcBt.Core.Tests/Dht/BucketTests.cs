using CcBt.Core.Addressing;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

public sealed class BucketTests
{
    private static readonly TimeSpan s_now = TimeSpan.FromHours(1);
    private readonly Random _random = new(71);
    private readonly Bucket _bucket = new();

    [Fact]
    public void It_is_refreshed_when_it_has_room_or_was_quiet_and_at_most_every_fifteen_minutes()
    {
        _bucket.ChangedAt = s_now;
        Assert.True(_bucket.NeedsRefresh(s_now));
        for (int i = 0; i < Limits.DhtBucketNodes; i++)
            _bucket.Nodes.Add(Local(i));
        Assert.True(_bucket.IsFull);
        Assert.False(_bucket.NeedsRefresh(s_now + TimeSpan.FromMinutes(14)));
        Assert.True(_bucket.NeedsRefresh(s_now + TimeSpan.FromMinutes(15)));
        _bucket.RefreshedAt = s_now + TimeSpan.FromMinutes(15);
        Assert.False(_bucket.NeedsRefresh(s_now + TimeSpan.FromMinutes(29)));
        Assert.True(_bucket.NeedsRefresh(s_now + TimeSpan.FromMinutes(30)));
        _bucket.Nodes.RemoveAt(0);
        _bucket.ChangedAt = s_now + TimeSpan.FromMinutes(30);
        Assert.False(_bucket.IsFull);
        Assert.True(_bucket.NeedsRefresh(s_now + TimeSpan.FromMinutes(30)));
    }

    [Fact]
    public void Global_networks_have_one_place_and_local_ones_any_number()
    {
        TableNode global = Global(1), neighbour = new(new NodeContact(NodeId.Random(_random), PeerAddress.FromV4((uint)global.Address.Low ^ 1, 5)), s_now);
        _bucket.Nodes.Add(Local(1));
        _bucket.Nodes.Add(global);
        Assert.Same(global, _bucket.FindNetwork(neighbour));
        Assert.Null(_bucket.FindNetwork(Global(900)));
        Assert.Null(_bucket.FindNetwork(Local(2)));
        Assert.Same(global, _bucket.Find(global.Id));
        Assert.Null(_bucket.Find(neighbour.Id));
    }

    [Fact]
    public void A_bad_node_gives_way_first_then_for_a_compliant_one_who_is_not()
    {
        TableNode stranger = Global(1), compliant = Compliant(2), newcomer = Compliant(3);
        _bucket.Nodes.AddRange([compliant, stranger]);
        Assert.Same(stranger, _bucket.Victim(newcomer));
        Assert.Null(_bucket.Victim(Global(4)));
        TableNode bad = Compliant(5);
        bad.Failed();
        _bucket.Nodes.Add(bad);
        Assert.Null(_bucket.Victim(Global(4)));
        bad.Failed();
        Assert.Same(bad, _bucket.Victim(Global(4)));
        Assert.Same(bad, _bucket.Victim(newcomer));
    }

    [Fact]
    public void The_questionable_node_that_was_silent_the_longest_is_asked()
    {
        TimeSpan later = s_now + TimeSpan.FromMinutes(16);
        TableNode silent = new(new NodeContact(NodeId.Random(_random), NodeProbe.Global(1)), s_now - TimeSpan.FromSeconds(1));
        TableNode good = new(new NodeContact(NodeId.Random(_random), NodeProbe.Global(2)), later);
        _bucket.Nodes.AddRange([good, Local(1), silent, Local(2)]);
        Assert.Same(silent, _bucket.Questionable(later));
        Assert.Null(_bucket.Questionable(s_now));
        Assert.True(silent.IsGood(silent.AnsweredAt + TimeSpan.FromMinutes(15)));
        Assert.False(silent.IsGood(silent.AnsweredAt + TimeSpan.FromMinutes(15) + TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void Those_who_wait_are_bounded_and_each_waits_once()
    {
        TableNode[] compliant = [.. Enumerable.Range(1, Limits.DhtReplacementNodes - 1).Select(Compliant)];
        _bucket.AddReplacement(compliant[0]);
        TableNode weak = Global(500);
        _bucket.AddReplacement(weak);
        foreach (TableNode node in compliant[1..])
            _bucket.AddReplacement(node);
        Assert.Equal(Limits.DhtReplacementNodes, _bucket.Replacements.Count);
        Assert.Contains(weak, _bucket.Replacements);
        TableNode newcomer = Compliant(100);
        _bucket.AddReplacement(newcomer);
        Assert.Equal([.. compliant, newcomer], _bucket.Replacements);
        _bucket.AddReplacement(Compliant(101));
        Assert.DoesNotContain(compliant[0], _bucket.Replacements);
        Assert.Equal(Limits.DhtReplacementNodes, _bucket.Replacements.Count);
        var sameAddress = new TableNode(new NodeContact(NodeId.Random(_random), compliant[3].Address), s_now);
        _bucket.AddReplacement(sameAddress);
        Assert.DoesNotContain(compliant[3], _bucket.Replacements);
        var sameId = new TableNode(new NodeContact(compliant[4].Id, NodeProbe.Global(800)), s_now);
        _bucket.AddReplacement(sameId);
        Assert.DoesNotContain(compliant[4], _bucket.Replacements);
        Assert.Equal(Limits.DhtReplacementNodes, _bucket.Replacements.Count);
    }

    private TableNode Local(int index) => new(new NodeContact(NodeId.Random(_random), PeerAddress.FromV4(0x0A000000 + (uint)index, 6881)), s_now);

    private TableNode Global(int index)
    {
        var node = new TableNode(new NodeContact(NodeId.Random(_random), NodeProbe.Global(index)), s_now);
        Assert.False(node.IsCompliant);
        return node;
    }

    private TableNode Compliant(int index) => new(new NodeContact(NodeIdentity.Create(NodeProbe.Global(index), _random), NodeProbe.Global(index)), s_now);
}
