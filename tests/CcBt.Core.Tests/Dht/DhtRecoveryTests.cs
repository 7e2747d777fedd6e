using CcBt.Core.Addressing;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

public sealed class DhtRecoveryTests
{
    private static readonly InfoHash s_torrent = InfoHash.Parse("0123456789abcdef0123456789abcdef01234567");

    [Fact]
    public void A_dead_bootstrap_recovers_with_the_first_living_node()
    {
        var network = new VirtualNetwork(71);
        List<VirtualHost> hosts = network.Grow(30);
        VirtualHost late = network.Add(NodeProbe.Global(9_000));
        for (int i = 0; i < 50; i++)
            network.Do(late, node => node.AddNode(NodeProbe.Global(20_000 + i), network.Now));
        network.Do(late, node => node.AddRouter(NodeProbe.Global(30_000), network.Now));
        int lookup = network.Do(late, node => node.FindPeers(s_torrent, 0, network.Now));
        network.Run(TimeSpan.FromMinutes(30));
        Assert.False(late.Node.IsBootstrapped);
        Assert.Null(late.EndOf(lookup));
        network.Do(late, node => node.AddNode(hosts[5].Address, network.Now));
        Assert.True(network.RunUntil(() => late.Node.IsBootstrapped && late.EndOf(lookup) is not null, TimeSpan.FromSeconds(60)));
        Assert.True(late.Node.NodeCount >= 8);
    }

    [Fact]
    public void A_router_that_comes_to_life_is_found_within_a_minute()
    {
        var network = new VirtualNetwork(72);
        List<VirtualHost> hosts = network.Grow(20);
        PeerAddress routerAddress = NodeProbe.Global(30_000);
        VirtualHost waiting = network.Add(NodeProbe.Global(9_000));
        network.Do(waiting, node => node.AddRouter(routerAddress, network.Now));
        network.Run(TimeSpan.FromMinutes(20));
        VirtualHost router = network.Add(routerAddress);
        network.Do(router, node => node.AddNode(hosts[0].Address, network.Now));
        Assert.True(network.RunUntil(() => waiting.Node.IsBootstrapped, TimeSpan.FromSeconds(66)));
        Assert.DoesNotContain(waiting.Node.Save().Nodes, node => node.Address == routerAddress);
    }

    [Fact]
    public void A_router_is_found_within_a_minute_also_behind_hundreds_of_dead_saved_nodes()
    {
        var network = new VirtualNetwork(77);
        List<VirtualHost> hosts = network.Grow(20);
        PeerAddress routerAddress = NodeProbe.Global(30_000);
        VirtualHost waiting = network.Add(NodeProbe.Global(9_000));
        NodeContact[] saved = [.. Enumerable.Range(0, 200).Select(i => new NodeContact(NodeId.Random(network.Random), NodeProbe.Global(20_000 + i)))];
        network.Do(waiting, node => node.Restore(new DhtSnapshot(node.NodeId, false, saved), network.Now));
        network.Do(waiting, node => node.AddRouter(routerAddress, network.Now));
        network.Run(TimeSpan.FromMinutes(21));
        VirtualHost router = network.Add(routerAddress);
        network.Do(router, node => node.AddNode(hosts[0].Address, network.Now));
        // It is asked before it knows anybody itself.
        Assert.True(network.RunUntil(() => waiting.Node.NodeCount >= 8, TimeSpan.FromSeconds(66)));
    }

    [Fact]
    public void When_the_network_was_gone_the_old_nodes_are_asked_again()
    {
        var network = new VirtualNetwork(73);
        List<VirtualHost> hosts = network.Grow(30);
        VirtualHost host = hosts[4];
        network.Loss = 1;
        int lookup = network.Do(host, node => node.FindPeers(s_torrent, 7000, network.Now));
        network.Run(TimeSpan.FromMinutes(60));
        Assert.Equal(0, host.Node.NodeCount);
        Assert.Null(host.EndOf(lookup));
        network.Loss = 0;
        host.Events.Clear();
        Assert.True(network.RunUntil(() => host.Events.OfType<DhtBootstrapped>().Any(), TimeSpan.FromSeconds(66)));
        Assert.True(network.RunUntil(() => host.EndOf(lookup) is { AnnouncedTo: > 0 }, TimeSpan.FromSeconds(66)));
        Assert.True(host.Node.NodeCount >= 4);
    }

    [Fact]
    public void A_lonely_node_is_nearly_silent()
    {
        var network = new VirtualNetwork(74);
        VirtualHost alone = network.Add(NodeProbe.Global(1));
        network.Do(alone, node => node.AddRouter(NodeProbe.Global(2), network.Now));
        network.Run(TimeSpan.FromHours(1));
        Assert.InRange(network.Sent, 60, 300);
    }

    [Fact]
    public void An_idle_network_stays_known_and_costs_little()
    {
        var network = new VirtualNetwork(75);
        List<VirtualHost> hosts = network.Grow(40);
        long before = network.Sent;
        network.Run(TimeSpan.FromHours(1));
        double perNodeAndHour = (network.Sent - before) / 40.0;
        Assert.All(hosts, host => Assert.True(host.Node.NodeCount >= 8));
        Assert.True(perNodeAndHour < 1_200, $"{perNodeAndHour} datagrams per node and hour");
        Assert.Equal(20, LookupRun.Make(network, hosts, 20).Found);
    }

    [Fact]
    public void Dead_nodes_leave_the_tables()
    {
        var network = new VirtualNetwork(76);
        List<VirtualHost> hosts = network.Grow(60);
        foreach (VirtualHost host in hosts[30..])
            network.Remove(host.Address);
        network.Run(TimeSpan.FromHours(1));
        LookupRun run = LookupRun.Make(network, hosts[..30], 20);
        Assert.Equal(20, run.Found);
        Assert.True(run.MeanQueries < 20, run.ToString());
    }
}
