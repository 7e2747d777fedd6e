using CcBt.Core.Addressing;
using CcBt.Core.Session;
using CcBt.Core.Simulation.Clients;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>Discoveries of every source, many at once, at the start gates of whole clients.</summary>
internal static class DiscoveryScenarios
{
    private static readonly KnockSource[] s_sources =
    [
        KnockSource.Dht, KnockSource.Tracker, KnockSource.PeerExchange, KnockSource.LocalDiscovery, KnockSource.Inbound, KnockSource.Manual, KnockSource.SavedState, KnockSource.Magnet,
    ];

    /// <summary>
    /// DHT, tracker, peers and users all find the same peers again and again while the start fails and succeeds: each session is
    /// started once, and every attempt that was begun beyond it had failed.
    /// </summary>
    public static string Storm(World world)
    {
        var swarm = new SimSwarm(world, 512 << 10, 32 << 10);
        string router = swarm.Network.World.Seed % 2 == 0 ? "" : Net.SimNetwork.Address(1).ToString();
        TorrentClientOptions options = new() { EnableLocalDiscovery = false, DhtRouters = router.Length == 0 ? [] : [router], EnableDht = router.Length > 0 };
        SimSession[] seeders = [.. Enumerable.Range(0, 3).Select(_ => AddSeeder(swarm, options))];
        world.Run(TimeSpan.FromSeconds(3));
        SimMachine machine = swarm.AddMachine();
        machine.Disk.FailureShare = world.Chance(0.5) ? 0.7 : 0;
        machine.Disk.MostService = TimeSpan.FromMilliseconds(300);
        var client = new SimClient(machine, options);
        SimSession session = client.Add(swarm.Content, new AddTorrentOptions { SaveDirectory = "/sim", Start = StartMode.WhenPeersFound });
        PeerAddress[] real = [.. swarm.Clients.Select(c => c.Address)];
        const int Reports = 400;
        for (int i = 0; i < Reports; i++)
            world.After(world.Between(TimeSpan.Zero, TimeSpan.FromSeconds(6)), () => Report(world, session, real));
        world.After(TimeSpan.FromSeconds(6), () => machine.Disk.FailureShare = 0);
        bool isComplete = world.RunUntil(() => session.IsComplete, TimeSpan.FromMinutes(10));
        world.Run(TimeSpan.FromSeconds(10));
        world.Require(isComplete, $"Not complete: {SimSwarm.Describe(session)}");
        StartCounters counters = session.Counters;
        world.Require(counters.Begun == counters.Failed + 1, $"{counters}: more than one start that did not fail.");
        world.Require(client.Log.Count(SimLog.StartSucceeded) == 1, $"{client.Log.Count(SimLog.StartSucceeded)} starts succeeded.");
        world.Require(client.Log.Count(SimLog.StartBegun) == counters.Begun, "The log and the counters differ.");
        world.Require(client.Log.Count(SimLog.Completed) >= 1, "Nobody logged the completion.");
        swarm.CheckQuiet(client);
        swarm.Check(seeders);
        return $"{Reports} reports: {counters.Begun} begun, {counters.Failed} failed, {counters.Joined} joined, 1 succeeded; DHT {(options.EnableDht ? $"on, {client.Core.Dht.NodeCount} nodes" : "off")}; complete at {session.CompletedAt?.TotalSeconds:0.0} s";
    }

    /// <summary>Only the link is known: the metadata comes from peers first.</summary>
    public static string Magnets(World world)
    {
        var swarm = new SimSwarm(world, 1 << 20, 32 << 10);
        SimSession seeder = swarm.AddSeeder();
        var leechers = new List<SimSession>();
        for (int i = 0; i < 4; i++)
        {
            SimSession session = swarm.BeginMagnet(swarm.AddMachine());
            leechers.Add(session);
        }
        world.RunUntil(() => leechers.TrueForAll(s => s.IsComplete), TimeSpan.FromMinutes(5));
        swarm.Check([.. leechers, seeder]);
        return SwarmFigures.Of(swarm, seeder, leechers).ToString();
    }

    private static SimSession AddSeeder(SimSwarm swarm, TorrentClientOptions options)
    {
        SimMachine machine = swarm.AddMachine();
        machine.Disk.FilesOf(swarm.Content.Torrent).Fill(swarm.Content.Bytes, machine.Disk.WallTicks);
        return swarm.Begin(machine, new AddTorrentOptions { SaveDirectory = "/sim", TrustFiles = true }, options);
    }

    private static void Report(World world, SimSession session, PeerAddress[] real)
    {
        PeerAddress[] peers = [.. real.Where(_ => world.Chance(0.6))];
        KnockSource source = s_sources[world.Random.Next(s_sources.Length)];
        switch (world.Random.Next(10))
        {
            case 0:
                _ = session.Start();
                break;
            case 1:
                session.Front.Door.Report(source, [], lookupEnded: true);
                break;
            default:
                int times = world.Random.Next(1, 4);
                for (int i = 0; i < times; i++)
                    session.Front.Door.Report(source, peers, lookupEnded: world.Chance(0.3));
                break;
        }
    }
}
