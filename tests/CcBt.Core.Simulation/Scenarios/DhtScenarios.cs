using CcBt.Core.Simulation.Dht;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>Networks of DHT nodes: what share of lookups finds a peer that announced itself.</summary>
internal static class DhtScenarios
{
    public static string Healthy(World world, int nodes, int lookups)
    {
        var network = new DhtNetwork(world);
        network.Grow(nodes);
        DhtLookups made = DhtLookups.Make(world, network, DhtLookups.RandomTorrents(world, lookups));
        world.Require(made.Share >= 0.999, made.ToString());
        return $"{made}; {network.Network.Datagrams} datagrams";
    }

    /// <summary>Half of all nodes answer with ghosts. A small network can have a neighbourhood that is nearly all garbage; over many it evens out.</summary>
    public static string Garbage(World world, int nodes, int lookups, double least)
    {
        var network = new DhtNetwork(world);
        network.Grow(nodes / 2);
        network.AddGarbage(nodes / 2);
        DhtLookups made = DhtLookups.Make(world, network, DhtLookups.RandomTorrents(world, lookups));
        world.Require(made.Share >= least && made.MostQueries <= 100, made.ToString());
        return $"beside as many garbage nodes: {made}";
    }

    /// <summary>256 ids next to the target, at one address or in so many networks.</summary>
    public static string Sybils(World world, int nodes, int networks, double least)
    {
        var network = new DhtNetwork(world);
        network.Grow(nodes);
        InfoHash torrent = DhtLookups.RandomTorrents(world, 1)[0];
        network.Surround(torrent, 256, networks);
        DhtLookups made = DhtLookups.Make(world, network, [.. Enumerable.Repeat(torrent, 40)]);
        world.Require(made.Share >= least, made.ToString());
        return $"256 sybils in {networks} networks: {made}";
    }

    /// <summary>Datagrams are lost, doubled and overtaken.</summary>
    public static string Loss(World world, int nodes)
    {
        var network = new DhtNetwork(world);
        double loss = 0.01 + 0.19 * world.Random.NextDouble();
        (network.Network.Loss, network.Network.Duplication, network.Network.Reordering) = (loss, 0.05, 0.1);
        network.Grow(nodes);
        DhtLookups made = DhtLookups.Make(world, network, DhtLookups.RandomTorrents(world, 50));
        world.Require(made.Share >= (loss <= 0.1 ? 0.99 : 0.9), $"loss {loss:0.0%}: {made}");
        return $"loss {loss:0.0%}, 10 % overtaken, 5 % doubled: {made}";
    }
}
