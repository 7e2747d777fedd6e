using CcBt.Core.Addressing;
using CcBt.Core.Dht;
using CcBt.Core.Fuzz.Generation;

namespace CcBt.Core.Fuzz.Sessions;

/// <summary>A routing table that hears of honest nodes, and of nodes that share addresses, networks and ids.</summary>
internal static class RoutingTableSession
{
    public static void Play(Script script, Meter meter)
    {
        Random random = script.Random;
        var table = new RoutingTable(NodeId.Random(random));
        var known = new List<NodeContact>();
        TimeSpan now = TimeSpan.FromHours(1);
        // Full buckets, in which newcomers wait for the death of others.
        if (script.Chance(50))
        {
            for (int i = 0; i < 60; i++)
            {
                known.Add(new NodeContact(NodeId.Random(random), random.Global()));
                table.Answered(known[^1], now);
            }
        }
        while (!script.IsOver)
        {
            NodeContact contact = Contact(script, random, table, known);
            known.Add(contact);
            int choice = script.Choice(10);
            meter.Start();
            Act(table, contact, choice, now, random);
            meter.Stop(26);
            now += TimeSpan.FromSeconds(script.Choice(200));
            Verify(table, now, random);
        }
    }

    private static NodeContact Contact(Script script, Random random, RoutingTable table, List<NodeContact> known)
    {
        NodeContact former = known.Count > 0 ? known[script.Choice(known.Count)] : new NodeContact(NodeId.Random(random), random.Global());
        return script.Choice(7) switch
        {
            0 => former,
            1 => former with { Id = NodeId.Random(random) },
            2 => former with { Address = former.Address.WithPort((ushort)random.Next(1, 65536)) },
            3 => former with { Address = random.V4() },
            4 => new NodeContact(Near(table.OwnId, random), random.Global()),
            5 => new NodeContact(table.OwnId, random.Global()),
            _ => new NodeContact(NodeId.Random(random), random.Global()),
        };
    }

    private static NodeId Near(NodeId own, Random random)
    {
        byte[] id = own.ToArray();
        random.NextBytes(id.AsSpan(random.Next(20)));
        return new NodeId(id);
    }

    private static void Act(RoutingTable table, NodeContact contact, int choice, TimeSpan now, Random random)
    {
        if (choice < 5)
            table.Answered(contact, now);
        else if (choice < 7)
            table.Failed(contact.Address);
        else if (choice == 7)
            table.Queried(contact, now);
        else if (choice == 8)
            table.NextRefresh(now, random);
        else if (random.Chance(10))
            table.ChangeOwnId(NodeId.Random(random), now);
    }

    private static void Verify(RoutingTable table, TimeSpan now, Random random)
    {
        TableNode[] nodes = [.. table.Nodes];
        FuzzFailure.When(nodes.Length != table.Count || table.LiveCount != nodes.Count(node => !node.IsBad), "The counts are wrong.");
        FuzzFailure.When(nodes.Any(node => node.Id == table.OwnId), "The table holds ourselves.");
        FuzzFailure.When(nodes.DistinctBy(node => node.Address).Count() != nodes.Length, "An address is in the table twice.");
        FuzzFailure.When(nodes.Any(node => table.Find(node.Address) != node), "A node is not found by its address.");
        TableNode[] global = [.. nodes.Where(node => node.Class == AddressClass.Global)];
        FuzzFailure.When(global.DistinctBy(node => node.Address.WithPort(0)).Count() != global.Length, "A global address is in the table twice.");
        foreach (IGrouping<int, TableNode> bucket in nodes.GroupBy(node => Math.Min((node.Id ^ table.OwnId).LeadingZeros, table.BucketCount - 1)))
        {
            FuzzFailure.When(bucket.Count() > Limits.DhtBucketNodes, $"Bucket {bucket.Key} holds {bucket.Count()} nodes.");
            TableNode[] others = [.. bucket.Where(node => node.Class == AddressClass.Global)];
            FuzzFailure.When(others.DistinctBy(node => node.Address.Network()).Count() != others.Length, $"Bucket {bucket.Key} holds two nodes of a network.");
        }
        var closest = new NodeContact[Limits.DhtBucketNodes];
        NodeId target = NodeId.Random(random);
        int count = table.Closest(target, closest, NodeChoice.Any, now);
        NodeId[] expected = [.. nodes.Select(node => node.Id ^ target).Order().Take(closest.Length)];
        FuzzFailure.When(!closest.Take(count).Select(node => node.Id ^ target).SequenceEqual(expected), "The closest nodes are others.");
    }
}
