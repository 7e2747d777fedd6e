using CcBt.Core.Addressing;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

public sealed class DhtLookupEventTests
{
    [Fact]
    public void Many_lookups_take_turns_and_all_end()
    {
        var network = new VirtualNetwork(91);
        List<VirtualHost> hosts = network.Grow(40);
        VirtualHost host = hosts[7];
        var lookups = new List<int>();
        for (int i = 0; i < 100; i++)
            lookups.Add(network.Do(host, node => node.FindPeers(LookupRun.RandomHash(network.Random), 0, network.Now)));
        Assert.Equal(100, lookups.Distinct().Count());
        Assert.True(network.RunUntil(() => lookups.TrueForAll(lookup => host.EndOf(lookup) is not null), TimeSpan.FromSeconds(60)));
        Assert.Equal(100, host.Events.OfType<DhtLookupEnded>().Count());
    }

    [Fact]
    public void A_cancelled_lookup_says_nothing_more_and_frees_its_place()
    {
        var network = new VirtualNetwork(92);
        List<VirtualHost> hosts = network.Grow(20);
        VirtualHost host = hosts[7];
        var lookups = new List<int>();
        for (int i = 0; i < Limits.DhtRunningLookups + 3; i++)
            lookups.Add(network.Do(host, node => node.FindPeers(LookupRun.RandomHash(network.Random), 7000, network.Now)));
        host.Events.Clear();
        foreach (int lookup in lookups[..^1])
            network.Do(host, node => node.CancelLookup(lookup, network.Now));
        network.Do(host, node => node.CancelLookup(12_345, network.Now));
        network.Run(TimeSpan.FromSeconds(20));
        Assert.Equal(lookups[^1], host.Events.OfType<DhtLookupEnded>().Single().LookupId);
    }

    [Fact]
    public void The_same_torrent_twice_is_two_lookups()
    {
        var network = new VirtualNetwork(93);
        List<VirtualHost> hosts = network.Grow(20);
        InfoHash torrent = LookupRun.RandomHash(network.Random);
        int announce = network.Do(hosts[1], node => node.FindPeers(torrent, 7000, network.Now));
        network.Run(TimeSpan.FromSeconds(5));
        int one = network.Do(hosts[2], node => node.FindPeers(torrent, 0, network.Now));
        int two = network.Do(hosts[2], node => node.FindPeers(torrent, 0, network.Now));
        network.Run(TimeSpan.FromSeconds(5));
        Assert.Equal([hosts[1].Address.WithPort(7000)], hosts[2].PeersOf(one));
        Assert.Equal([hosts[1].Address.WithPort(7000)], hosts[2].PeersOf(two));
        Assert.Equal(1, hosts[2].EndOf(one)!.Peers);
        Assert.Equal(torrent, hosts[2].EndOf(two)!.InfoHash);
        Assert.Equal(8, hosts[1].EndOf(announce)!.AnnouncedTo);
    }

    [Fact]
    public void An_implied_port_is_the_one_the_datagrams_come_from()
    {
        var network = new VirtualNetwork(94);
        List<VirtualHost> hosts = network.Grow(20);
        InfoHash torrent = LookupRun.RandomHash(network.Random);
        network.Do(hosts[1], node => node.FindPeers(torrent, 7000, network.Now, impliedPort: true));
        network.Run(TimeSpan.FromSeconds(5));
        int lookup = network.Do(hosts[2], node => node.FindPeers(torrent, 0, network.Now));
        network.Run(TimeSpan.FromSeconds(5));
        Assert.Equal([hosts[1].Address], hosts[2].PeersOf(lookup));
    }

    [Fact]
    public void An_announce_survives_loss()
    {
        var network = new VirtualNetwork(95) { Loss = 0.3 };
        List<VirtualHost> hosts = network.Grow(20);
        int stored = 0;
        for (int i = 0; i < 20; i++)
        {
            network.Do(hosts[1], node => node.FindPeers(LookupRun.RandomHash(network.Random), 7000, network.Now));
            network.Run(TimeSpan.FromSeconds(20));
        }
        foreach (VirtualHost host in hosts)
            stored += host.Node.StoredPeerCount;
        // Sent once to eight nodes, 112 of 160 would arrive; sent twice where no answer came, 145; three times, 155.
        Assert.InRange(stored, 150, 160);
    }

    [Fact]
    public void A_private_network_of_fifty_is_searched_in_a_few_round_trips()
    {
        var network = new VirtualNetwork(96) { LeastLatency = TimeSpan.FromMilliseconds(1), MostLatency = TimeSpan.FromMilliseconds(5) };
        List<VirtualHost> hosts = network.Grow(50);
        InfoHash torrent = LookupRun.RandomHash(network.Random);
        network.Do(hosts[1], node => node.FindPeers(torrent, 7000, network.Now));
        network.Run(TimeSpan.FromSeconds(5));
        // Every second node is dead when somebody new comes.
        for (int i = 2; i < 40; i += 2)
            network.Remove(hosts[i].Address);
        VirtualHost finder = network.Add(NodeProbe.Global(9_000));
        int lookup = network.Do(finder, node => node.FindPeers(torrent, 0, network.Now));
        network.Do(finder, node => node.AddRouter(hosts[3].Address, network.Now));
        Assert.True(network.RunUntil(() => finder.PeersOf(lookup).Any(), TimeSpan.FromMilliseconds(300)));
    }
}
