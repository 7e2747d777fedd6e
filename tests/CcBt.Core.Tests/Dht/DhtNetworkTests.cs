using CcBt.Core.Addressing;
using CcBt.Core.Dht;
using Xunit.Abstractions;

namespace CcBt.Core.Tests.Dht;

/// <summary>Networks of hundreds of nodes in virtual time: what share of lookups finds a peer that was announced, and at what cost.</summary>
public sealed class DhtNetworkTests(ITestOutputHelper output)
{
    private const int Nodes = 300;

    [Fact]
    public void Lookups_find_announced_peers()
    {
        var network = new VirtualNetwork(11);
        List<VirtualHost> hosts = network.Grow(Nodes);
        Assert.All(hosts, host => Assert.True(host.Node.IsBootstrapped && host.Node.NodeCount >= 20, $"{host.Node.NodeCount} nodes"));
        LookupRun run = LookupRun.Make(network, hosts, 100);
        output.WriteLine(run.ToString());
        Assert.Equal(100, run.Found);
        Assert.True(run.MeanQueries <= 30, run.ToString());
    }

    [Fact]
    public void Lookups_find_announced_peers_when_one_datagram_in_ten_is_lost()
    {
        var network = new VirtualNetwork(12) { Loss = 0.1 };
        LookupRun run = LookupRun.Make(network, network.Grow(Nodes / 2), 100);
        output.WriteLine(run.ToString());
        Assert.True(run.Found >= 99, run.ToString());
    }

    [Fact]
    public void Lookups_find_announced_peers_when_half_the_nodes_name_garbage()
    {
        var network = new VirtualNetwork(13);
        List<VirtualHost> hosts = network.Grow(Nodes / 2);
        for (int i = 0; i < Nodes / 2; i++)
        {
            PeerAddress address = VirtualNetwork.GlobalAddress(Nodes + i);
            var liar = new GarbageNode(address, network.Random);
            network.AddForged(address, liar.Answer);
            // Asking is how a node gets into the tables of others.
            foreach (VirtualHost host in hosts)
                network.Send(address, host.Address, liar.Ping());
        }
        network.Run(TimeSpan.FromSeconds(60));
        LookupRun run = LookupRun.Make(network, hosts, 100);
        output.WriteLine(run.ToString());
        Assert.True(run.Found >= 99, run.ToString());
        Assert.True(run.MostQueries <= Limits.DhtLookupQueries, run.ToString());
    }

    [Theory]
    [InlineData(1, 95)]
    [InlineData(32, 80)]
    public void Sybils_next_to_the_target_hide_no_peer(int networks, int leastFound)
    {
        var network = new VirtualNetwork(14 + networks);
        List<VirtualHost> hosts = network.Grow(Nodes / 2);
        int found = 0;
        const int Targets = 3, Each = 10;
        for (int round = 0; round < Targets; round++)
        {
            InfoHash torrent = LookupRun.RandomHash(network.Random);
            SybilNode.Surround(network, torrent, 256, networks, round, hosts);
            network.Run(TimeSpan.FromSeconds(20));
            found += LookupRun.Make(network, hosts, Each, torrent).Found;
        }
        output.WriteLine($"{found} of {Targets * Each} found with sybils in {networks} networks");
        Assert.True(found >= leastFound * Targets * Each / 100, $"{found} found, seed {network.Seed}");
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        static (long, string) Run()
        {
            var network = new VirtualNetwork(15) { Loss = 0.05 };
            LookupRun run = LookupRun.Make(network, network.Grow(40), 10);
            return (network.Sent, run.ToString());
        }
        Assert.Equal(Run(), Run());
    }

    [Fact]
    public void A_network_of_loopback_addresses_needs_no_distinct_networks()
    {
        var network = new VirtualNetwork(16);
        var hosts = new List<VirtualHost>();
        for (int i = 0; i < 50; i++)
        {
            hosts.Add(network.Add(PeerAddress.FromV4(0x7F000001, (ushort)(7000 + i)), id: NodeId.Random(network.Random)));
            network.Do(hosts[i], node => node.AddNode(hosts[0].Address, network.Now));
        }
        network.Run(TimeSpan.FromSeconds(30));
        LookupRun run = LookupRun.Make(network, hosts, 50);
        output.WriteLine(run.ToString());
        Assert.Equal(50, run.Found);
    }
}
