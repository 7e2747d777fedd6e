using CcBt.Core.Addressing;
using CcBt.Core.Dht;
using CcBt.Core.Session;
using CcBt.Core.Simulation.Clients;
using CcBt.Core.Simulation.Dht;
using CcBt.Core.Simulation.Net;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>Networks of DHT nodes: what share of lookups finds a peer that announced itself.</summary>
internal static class DhtScenarios
{
    /// <summary>Honest nodes, all of them the library's, which join one after the other through one that is there and fill their tables by the protocol alone.</summary>
    public static string Healthy(World world, int nodes, int lookups)
    {
        var network = new DhtNetwork(world);
        network.Grow(nodes, GapFor(nodes));
        double toJoin = (double)network.Network.Datagrams / nodes;
        DhtLookups made = DhtLookups.Make(world, network, DhtLookups.RandomTorrents(world, lookups));
        world.Require(made.Share >= 0.999 && made.MostQueries <= 100, made.ToString());
        return $"{made}; {toJoin:0} datagrams a node until it knew its part of the network";
    }

    /// <summary>Half of all nodes answer with ghosts. A small network can have a neighbourhood that is nearly all garbage; over many it evens out.</summary>
    public static string Garbage(World world, int nodes, int lookups, double least)
    {
        var network = new DhtNetwork(world);
        network.Grow(nodes / 2, GapFor(nodes));
        network.AddGarbage(nodes / 2);
        DhtLookups made = DhtLookups.Make(world, network, DhtLookups.RandomTorrents(world, lookups));
        world.Require(made.Share >= least && made.MostQueries <= 100, made.ToString());
        return $"beside as many garbage nodes: {made}";
    }

    /// <summary>256 ids next to the target, at one address or in so many networks.</summary>
    public static string Sybils(World world, int nodes, int networks, double least)
    {
        var network = new DhtNetwork(world);
        network.Grow(nodes, GapFor(nodes));
        InfoHash torrent = DhtLookups.RandomTorrents(world, 1)[0];
        network.Surround(torrent, 256, networks);
        DhtLookups made = DhtLookups.Make(world, network, [.. Enumerable.Repeat(torrent, 40)]);
        world.Require(made.Share >= least && made.MostQueries <= 100, made.ToString());
        return $"256 sybils in {networks} networks: {made}";
    }

    /// <summary>
    /// Every node that a client knows is dead, saved ones and routers: it asks rarely, and joins soon after the first that lives is there, which it hears of
    /// from a peer, or which is one of those it knows.
    /// </summary>
    public static string DeadBootstrap(World world)
    {
        var swarm = new SimSwarm(world, 64 << 10, 16 << 10);
        var network = new DhtNetwork(world, swarm.Network);
        network.Grow(60);
        PeerAddress router = PeerAddress.FromV4(0x4E000001, 6881), saved = PeerAddress.FromV4(0x4E010001, 6881);
        SimMachine machine = swarm.AddMachine();
        NodeContact[] stale = [.. Enumerable.Range(0, 200).Select(i => new NodeContact(NodeId.Random(world.Random), PeerAddress.FromV4((uint)saved.Low + (uint)i * 0x100, 6881)))];
        machine.Disk.Dht = new DhtSnapshot(NodeId.Random(world.Random), false, stale);
        var options = new TorrentClientOptions { EnableLocalDiscovery = false, DhtRouters = [router.ToString()] };
        SimSession session = swarm.Begin(machine, null, options);
        SimClient client = swarm.Clients[^1];
        world.Run(TimeSpan.FromMinutes(10));
        long before = client.Machine.Host.DatagramsSent;
        world.Run(TimeSpan.FromMinutes(30));
        double perMinute = (client.Machine.Host.DatagramsSent - before) / 30.0;
        world.Require(client.Core.Dht.NodeCount == 0, "There is a node where none lives.");
        world.Require(perMinute < 300, $"{perMinute:0} datagrams a minute to dead nodes.");
        string how = Revive(world, swarm, network, session, router, saved);
        TimeSpan alive = world.Now;
        // One of 200 saved nodes has to wait for its turn; who is heard of, and routers, are asked at once or soon.
        TimeSpan most = TimeSpan.FromSeconds(world.Seed % 3 == 0 ? 240 : 60);
        bool isReady = world.RunUntil(() => client.Core.Dht.NodeCount >= 8, most);
        world.Require(isReady, $"{client.Core.Dht.NodeCount} nodes are known {most.TotalSeconds} s after the first one lived ({how}).");
        swarm.CheckQuiet(client);
        return $"all dead for 40 min, {perMinute:0.0} datagrams a minute; {how}: {client.Core.Dht.NodeCount} nodes after {(world.Now - alive).TotalSeconds:0.0} s";
    }

    /// <summary>One node comes to life, or is heard of.</summary>
    private static string Revive(World world, SimSwarm swarm, DhtNetwork network, SimSession session, PeerAddress router, PeerAddress saved)
    {
        if (world.Seed % 3 == 0)
        {
            network.Join(saved);
            return "a saved node lives again";
        }
        if (world.Seed % 3 == 1)
        {
            network.Join(router);
            return "a router lives again";
        }
        // A peer that has the DHT says where (BEP 5, port message).
        SimSession other = swarm.Begin(swarm.AddMachine(), null, new TorrentClientOptions { EnableLocalDiscovery = false, DhtRouters = [], EnableTrackers = false });
        SimClient peer = swarm.Clients[^1];
        foreach (DhtPeer node in network.Peers.Take(8))
            peer.Mailbox.Post(new CallMessage((core, now) => core.Dht.AddNode(node.Address, now)));
        world.Run(TimeSpan.FromSeconds(20));
        _ = session.AddPeers(SimSwarm.EndPoints(peer.Address));
        world.RunUntil(() => other.Core.Links.Count > 0, TimeSpan.FromMinutes(1));
        return "a peer told of its node";
    }

    /// <summary>Datagrams are lost, doubled and overtaken, take up to 200 ms more or less, and may be no longer than IPv6 promises to carry.</summary>
    public static string Loss(World world, int nodes)
    {
        var network = new DhtNetwork(world);
        double loss = 0.01 + 0.19 * world.Random.NextDouble();
        (network.Network.Loss, network.Network.Duplication, network.Network.Reordering) = (loss, 0.05, 0.1);
        network.Network.Jitter = TimeSpan.FromMilliseconds(200 * world.Random.NextDouble());
        network.Network.Mtu = 1_280;
        network.Grow(nodes);
        DhtLookups made = DhtLookups.Make(world, network, DhtLookups.RandomTorrents(world, 50));
        world.Require(made.Share >= (loss <= 0.1 ? 0.99 : 0.9), $"loss {loss:0.0%}: {made}");
        world.Require(network.Network.TooLong == 0, $"{network.Network.TooLong} datagrams were too long.");
        return $"loss {loss:0.0%}, 10 % overtaken, 5 % doubled, jitter {network.Network.Jitter.TotalMilliseconds:0} ms: {made}";
    }

    /// <summary>
    /// Half of the nodes are behind NATs, of each kind as many, and what those let in while nodes joined is over. From behind every kind peers are found, and found are
    /// those that announced themselves from there.
    /// </summary>
    public static string BehindNats(World world, int nodes, int lookups)
    {
        NatKind[] kinds = [NatKind.FullCone, NatKind.AddressRestricted, NatKind.PortRestricted, NatKind.Symmetric];
        var network = new DhtNetwork(world);
        network.Grow(nodes, shape: (i, host) =>
        {
            if (i % 2 == 1)
                network.Network.PutBehind(host, kinds[i / 2 % kinds.Length]);
        });
        world.Run(TimeSpan.FromMinutes(5));
        long filtered = network.Network.Filtered;
        var told = new List<string>();
        int found = 0;
        foreach (NatKind kind in kinds)
        {
            DhtPeer[] behind = [.. network.Peers.Where(p => p.Host.Nat?.Kind == kind)];
            DhtLookups made = DhtLookups.Make(world, network, DhtLookups.RandomTorrents(world, lookups), behind);
            world.Require(made.MostQueries <= 100 && made.Share >= 0.95, $"{kind}: {made}");
            found += made.Found;
            told.Add($"{kind} {made.Found} of {made.Made}, {made.MeanQueries:0.0} queries");
        }
        filtered = network.Network.Filtered - filtered;
        world.Require(found >= 0.99 * kinds.Length * lookups, string.Join("; ", told));
        world.Require(filtered > nodes, $"The NATs refused only {filtered} datagrams.");
        return $"{nodes} nodes, half of them behind NATs, which refused {filtered} datagrams of {network.Network.Datagrams}: {string.Join("; ", told)}";
    }

    /// <summary>Every line carries a few kilobytes a second and keeps a few datagrams waiting; what comes when it is full is lost. Nodes and lookups get on with that.</summary>
    public static string SlowLines(World world, int nodes, int lookups)
    {
        var network = new DhtNetwork(world);
        network.Grow(nodes, gapMilliseconds: 200, shape: static (_, host) =>
        {
            (host.UpRate, host.DownRate) = (2_000, 4_000);
            (host.UpQueue.Room, host.DownQueue.Room) = (1_000, 2_000);
        });
        long before = Dropped(network);
        DhtLookups made = DhtLookups.Make(world, network, DhtLookups.RandomTorrents(world, lookups));
        long dropped = Dropped(network);
        world.Require(dropped > nodes, $"The lines dropped only {dropped} datagrams.");
        world.Require(made.Share >= 0.99 && made.MostQueries <= 100, $"{dropped} dropped: {made}");
        return $"lines of 2 kB/s, {dropped} of {network.Network.Datagrams} datagrams dropped by full queues, {dropped - before} of them while lookups ran: {made}";
    }

    private static long Dropped(DhtNetwork network) => network.Peers.Sum(static p => p.Host.UpQueue.Dropped + p.Host.DownQueue.Dropped);

    /// <summary>
    /// Milliseconds from one join to the next: a large network grows faster, so that what it does to keep its tables fresh does not outweigh the joins. A huge one must not
    /// do so while it is small: it would ask its few nodes for more than a node may send, and they would be left with tables full of gaps.
    /// </summary>
    private static Func<int, double> GapFor(int nodes) => nodes switch
    {
        > 20_000 => static i => Math.Clamp(20_000.0 / (i + 1), 3, 50),
        > 2_000 => static _ => 10,
        _ => static _ => 50,
    };
}
