using CcBt.Core.Addressing;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

/// <summary>What is kept in memory or sent is bounded, and the bounds are exact.</summary>
public sealed class DhtBoundTests
{
    private static readonly TimeSpan s_now = TimeSpan.FromHours(1);
    private readonly Random _random = new(72);
    private readonly Outbox _outbox = new();

    [Fact]
    public void Outputs_that_nobody_takes_are_dropped_and_counted()
    {
        for (int i = 0; i < Limits.DhtOutputs; i++)
        {
            _outbox.Send(NodeProbe.Global(i), [1]);
            _outbox.Tell(new DhtBootstrapped(i));
        }
        Assert.Equal(0, _outbox.Dropped);
        _outbox.Send(NodeProbe.Global(1), [1]);
        Assert.Equal(1, _outbox.Dropped);
        _outbox.Tell(new DhtBootstrapped(1));
        Assert.Equal(2, _outbox.Dropped);
        Assert.Equal(Limits.DhtOutputs, Taken().Count);
    }

    [Fact]
    public void Queries_on_their_way_are_bounded_and_become_overdue_then_lost()
    {
        QuerySender sender = Sender();
        for (int i = 0; i < Limits.DhtPendingQueries; i++)
            Assert.True(Send(sender, i, s_now));
        Assert.False(Send(sender, 9999, s_now));
        Assert.Equal(s_now + TimeSpan.FromSeconds(1), sender.NextDeadline);
        Assert.False(sender.TryTakeOverdue(s_now + TimeSpan.FromSeconds(0.999), out _));
        for (int i = 0; i < Limits.DhtPendingQueries; i++)
        {
            Assert.True(sender.TryTakeOverdue(s_now + TimeSpan.FromSeconds(1), out PendingQuery? overdue));
            Assert.Equal(NodeProbe.Global(i), overdue.To);
        }
        Assert.False(sender.TryTakeOverdue(s_now + TimeSpan.FromSeconds(1), out _));
        Assert.Equal(s_now + TimeSpan.FromSeconds(5), sender.NextDeadline);
        Assert.False(sender.TryTakeLost(s_now + TimeSpan.FromSeconds(4.999), out _));
        Assert.True(sender.TryTakeLost(s_now + TimeSpan.FromSeconds(5), out PendingQuery? lost));
        Assert.Equal((NodeProbe.Global(0), true), (lost.To, lost.IsDone));
        Assert.Equal(Limits.DhtPendingQueries - 1, sender.Count);
        Assert.True(Send(sender, 9999, s_now + TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void An_answer_belongs_to_a_query_by_transaction_and_address()
    {
        QuerySender sender = Sender();
        var query = new PendingQuery(QueryKind.Ping, NodeProbe.Global(1));
        sender.Send(query, default, false, s_now);
        byte[] transaction = [(byte)(query.Transaction >> 24), (byte)(query.Transaction >> 16), (byte)(query.Transaction >> 8), (byte)query.Transaction];
        Assert.Null(sender.Match([.. transaction, 0], query.To, s_now));
        Assert.Null(sender.Match(transaction.AsSpan(0, 3), query.To, s_now));
        Assert.Null(sender.Match(transaction, query.To.WithPort(1), s_now));
        transaction[3] ^= 1;
        Assert.Null(sender.Match(transaction, query.To, s_now));
        transaction[3] ^= 1;
        Assert.Same(query, sender.Match(transaction, query.To, s_now + TimeSpan.FromMilliseconds(200)));
        Assert.True(query.IsDone);
        Assert.Null(sender.Match(transaction, query.To, s_now));
        Assert.Equal((0, TimeSpan.MaxValue), (sender.Count, sender.NextDeadline));
        Assert.False(sender.TryTakeLost(s_now + TimeSpan.FromHours(1), out _));
        Assert.False(sender.TryTakeOverdue(s_now + TimeSpan.FromHours(1), out _));
    }

    [Fact]
    public void Contacts_that_were_named_are_pinged_a_few_at_a_time_and_wait_within_a_bound()
    {
        QuerySender sender = Sender();
        var table = new RoutingTable(NodeId.Random(_random));
        var pinger = new Pinger(table, sender);
        int waiting = Limits.DhtUnseenContacts;
        for (int i = 0; i < Limits.DhtUnseenPings + waiting + 5; i++)
            pinger.PingUnseen(NodeProbe.Global(i), s_now);
        Assert.Equal(Limits.DhtUnseenPings, Taken().Count);
        pinger.PingUnseen(NodeProbe.Global(Limits.DhtUnseenPings), s_now);
        var answered = new HashSet<PeerAddress>();
        int rounds = 0;
        for (; rounds < 2000; rounds++)
        {
            pinger.Done(new PendingQuery(QueryKind.FindNode, NodeProbe.Global(1)), s_now);
            Assert.Empty(Taken());
            pinger.Done(new PendingQuery(QueryKind.Ping, NodeProbe.Global(1)), s_now);
            List<PeerAddress> next = Taken();
            if (next.Count == 0)
                break;
            Assert.True(answered.Add(Assert.Single(next)));
            sender = Emptied(sender);
        }
        Assert.Equal(waiting, rounds);
    }

    [Fact]
    public void A_node_of_the_table_is_pinged_only_when_it_is_bad()
    {
        QuerySender sender = Sender();
        var table = new RoutingTable(NodeId.Random(_random));
        var pinger = new Pinger(table, sender);
        PeerAddress known = NodeProbe.Global(1);
        table.Answered(new NodeContact(NodeId.Random(_random), known), s_now);
        pinger.PingUnseen(known, s_now);
        Assert.Empty(Taken());
        table.Failed(known);
        table.Failed(known);
        pinger.PingUnseen(known, s_now);
        Assert.Equal([known], Taken());
        pinger.PingUnseen(NodeProbe.Global(2), s_now);
        Assert.Equal([NodeProbe.Global(2)], Taken());
    }

    [Theory]
    [InlineData(nameof(QueryKind.Ping), false)]
    [InlineData(nameof(QueryKind.FindNode), true)]
    [InlineData(nameof(QueryKind.GetPeers), true)]
    [InlineData(nameof(QueryKind.AnnouncePeer), false)]
    public void Both_families_are_wanted_only_where_nodes_are_answered(string kind, bool wants)
    {
        var writer = new KrpcWriter();
        writer.Query(new PendingQuery(Enum.Parse<QueryKind>(kind), NodeProbe.Global(1)) { Token = [1] }, default, isReadOnly: false, wantBothFamilies: true);
        Assert.Equal(wants, System.Text.Encoding.Latin1.GetString(writer.Written).Contains("4:wantl2:n42:n6e", StringComparison.Ordinal));
    }

    [Fact]
    public void Named_contacts_are_kept_once_and_the_oldest_goes()
    {
        var contacts = new NamedContacts();
        NodeId id = NodeId.Random(_random);
        contacts.Add(NodeProbe.Global(0), id);
        for (int i = 0; i < Limits.DhtUnseenContacts; i++)
        {
            contacts.Add(NodeProbe.Global(i), null);
            contacts.Add(NodeProbe.Global(i), null);
        }
        Assert.Equal(Limits.DhtUnseenContacts, contacts.All.Count);
        Assert.Equal(id, contacts.All[NodeProbe.Global(0)]);
        contacts.Add(NodeProbe.Global(5000), null);
        Assert.Equal(Limits.DhtUnseenContacts, contacts.All.Count);
        Assert.False(contacts.All.ContainsKey(NodeProbe.Global(0)));
        Assert.True(contacts.All.ContainsKey(NodeProbe.Global(1)));
    }

    [Fact]
    public void A_few_lookups_run_and_the_others_wait_for_their_turn()
    {
        var lookups = new LookupSet();
        Lookup[] peers = [.. Enumerable.Range(1, Limits.DhtRunningLookups + 3).Select(id => new Lookup(id, NodeId.Random(_random), LookupPurpose.Peers))];
        for (int i = 0; i < peers.Length; i++)
            Assert.Equal(i < Limits.DhtRunningLookups, lookups.Add(peers[i]));
        Assert.Equal(3, lookups.Waiting);
        Assert.True(lookups.Add(new Lookup(0, NodeId.Random(_random), LookupPurpose.Refresh)));
        Assert.True(lookups.Has(LookupPurpose.Refresh));
        Assert.False(lookups.Has(LookupPurpose.Bootstrap));
        Assert.Null(lookups.StartNext());
        Lookup cancelled = peers[Limits.DhtRunningLookups], next = peers[Limits.DhtRunningLookups + 1];
        Assert.Same(next, lookups.Find(next.Id));
        Assert.Same(peers[2], lookups.Find(peers[2].Id));
        Assert.Null(lookups.Find(999));
        cancelled.IsCancelled = true;
        lookups.Remove(peers[0]);
        lookups.Remove(peers[0]);
        Assert.Same(next, lookups.StartNext());
        Assert.Null(lookups.StartNext());
        Assert.Equal(1, lookups.Waiting);
        Assert.Contains(next, lookups.RunningNow());
    }

    [Fact]
    public void An_overdue_answer_follows_the_round_trips_between_a_tenth_of_a_second_and_one()
    {
        var estimate = new RoundTripEstimate();
        Assert.Equal(TimeSpan.FromSeconds(1), estimate.Overdue);
        estimate.Add(TimeSpan.FromMilliseconds(100));
        Assert.Equal(300, estimate.Overdue.TotalMilliseconds, 3);
        for (int i = 0; i < 50; i++)
            estimate.Add(TimeSpan.FromMilliseconds(100));
        Assert.InRange(estimate.Overdue.TotalMilliseconds, 100, 105);
        for (int i = 0; i < 50; i++)
            estimate.Add(TimeSpan.FromMilliseconds(1));
        Assert.Equal(TimeSpan.FromMilliseconds(100), estimate.Overdue);
        for (int i = 0; i < 50; i++)
            estimate.Add(TimeSpan.FromSeconds(4));
        Assert.Equal(TimeSpan.FromSeconds(1), estimate.Overdue);
    }

    [Fact]
    public void A_byte_budget_gives_its_rate_and_half_a_second_at_once()
    {
        var budget = new ByteBudget(1000);
        Assert.False(budget.TrySpend(501, s_now));
        Assert.True(budget.TrySpend(500, s_now));
        Assert.False(budget.TrySpend(1, s_now));
        Assert.False(budget.TrySpend(101, s_now + TimeSpan.FromSeconds(0.1)));
        Assert.True(budget.TrySpend(100, s_now + TimeSpan.FromSeconds(0.1)));
        Assert.True(budget.TrySpend(500, s_now + TimeSpan.FromSeconds(60)));
        Assert.False(budget.TrySpend(1, s_now + TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void The_first_seconds_of_a_stored_peer_are_exact()
    {
        var swarm = new StoredSwarm(isV6: false);
        for (int second = 0; second < 20; second++)
            swarm.Add(NodeProbe.Global(second), second, 500);
        swarm.Expire(5);
        Assert.Equal(15, swarm.Count);
        Assert.True(CompactAddresses.TryRead(swarm.Compact(0), out PeerAddress oldest));
        Assert.Equal(NodeProbe.Global(5), oldest);
        swarm.Expire(5);
        Assert.Equal(15, swarm.Count);
        swarm.Expire(19);
        Assert.Equal(1, swarm.Count);
        swarm.Expire(20);
        Assert.Equal(0, swarm.Count);
        swarm.Add(NodeProbe.Global(3), 30, 500);
        Assert.Equal(1, swarm.Count);
    }

    [Fact]
    public void The_memory_of_stored_peers_doubles_when_it_is_full_and_halves_when_three_quarters_are_empty()
    {
        const int entry = 10;
        var swarm = new StoredSwarm(isV6: false);
        foreach ((int count, int room) in (ReadOnlySpan<(int, int)>)[(2, 2), (4, 4), (8, 8), (9, 16), (16, 16)])
        {
            while (swarm.Count < count)
                swarm.Add(NodeProbe.Global(swarm.Count), swarm.Count, 500);
            Assert.Equal(room * entry, swarm.Bytes);
        }
        swarm.Expire(12);
        Assert.Equal((4, 16 * entry), (swarm.Count, swarm.Bytes));
        swarm.Expire(13);
        Assert.Equal((3, 6 * entry), (swarm.Count, swarm.Bytes));
    }

    [Fact]
    public void Of_an_answer_with_too_many_nodes_the_first_are_read()
    {
        var bytes = new byte[5 * CompactNodes.V4Length];
        for (int i = 0; i < 5; i++)
            CompactNodes.Write(new NodeContact(NodeId.Random(_random), NodeProbe.Global(i)), bytes.AsSpan(i * CompactNodes.V4Length));
        var read = new List<NodeContact>();
        CompactNodes.Read(bytes, isV6: false, AddressClass.Global, read, most: 3);
        Assert.Equal([NodeProbe.Global(0), NodeProbe.Global(1), NodeProbe.Global(2)], read.Select(node => node.Address));
    }

    private QuerySender Sender() => new(_random, _outbox, new KrpcWriter(), new DhtNodeOptions());

    private static bool Send(QuerySender sender, int to, TimeSpan now) => sender.Send(new PendingQuery(QueryKind.Ping, NodeProbe.Global(to)), default, false, now);

    /// <summary>Lets all queries be lost, so that the bound of those under way is out of the way.</summary>
    private static QuerySender Emptied(QuerySender sender)
    {
        while (sender.TryTakeLost(TimeSpan.MaxValue, out _))
        {
        }
        return sender;
    }

    private List<PeerAddress> Taken()
    {
        var taken = new List<PeerAddress>();
        while (_outbox.TryTakeDatagram(out DhtDatagram datagram))
            taken.Add(datagram.To);
        return taken;
    }

    [Fact]
    public void A_round_trip_of_no_time_is_one_like_the_others()
    {
        var estimate = new RoundTripEstimate();
        estimate.Add(TimeSpan.Zero);
        estimate.Add(TimeSpan.FromMilliseconds(100));
        Assert.Equal(112.5, estimate.Overdue.TotalMilliseconds, 3);
    }
}
