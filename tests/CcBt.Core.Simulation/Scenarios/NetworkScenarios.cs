using CcBt.Core.Addressing;
using CcBt.Core.Simulation.Clients;
using CcBt.Core.Simulation.Disk;
using CcBt.Core.Simulation.Net;
using CcBt.Core.Simulation.Time;
using CcBt.Core.Trackers;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>Machines that get other addresses, lose their network, sleep, or stop for a while.</summary>
internal static class NetworkScenarios
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>The machine's address is another one; the old streams are silent for ever.</summary>
    public static string Moves(World world)
    {
        var traveller = new SimTraveller(world);
        traveller.Remember();
        PeerAddress to = traveller.Swarm.NextAddress();
        traveller.Swarm.Network.Move(traveller.Host, to);
        world.Run(world.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(500)));
        traveller.Client.TellAddresses(to);
        return Report(world, traveller, "another address");
    }

    /// <summary>The interface goes down and comes up again, with the same address or another.</summary>
    public static string DownAndUp(World world)
    {
        var traveller = new SimTraveller(world);
        SimHost host = traveller.Host;
        host.IsDown = true;
        traveller.Client.TellAddresses();
        TimeSpan length = world.Between(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(4));
        world.Run(length);
        bool isSame = world.Chance(0.5);
        traveller.Remember();
        if (!isSame)
            traveller.Swarm.Network.Move(host, traveller.Swarm.NextAddress());
        traveller.Swarm.Network.Up(host);
        // Such events come in showers.
        for (int i = 0; i < 4; i++)
            world.After(TimeSpan.FromMilliseconds(150 * i), () => traveller.Client.TellAddresses(host.Address));
        return Report(world, traveller, $"down for {length.TotalSeconds:0} s, up with {(isSame ? "the same" : "another")} address", atLeast: 5);
    }

    /// <summary>The router got another address: nobody tells the machine. Its old streams are reset, or silent for ever.</summary>
    public static string NatChanges(World world)
    {
        var traveller = new SimTraveller(world);
        traveller.Swarm.Network.ResetsMoved = world.Seed % 2 == 0;
        world.Run(TimeSpan.FromSeconds(2));
        traveller.Remember();
        traveller.Swarm.Network.Move(traveller.Host, traveller.Swarm.NextAddress());
        return Report(world, traveller, $"NAT changed, old streams {(traveller.Swarm.Network.ResetsMoved ? "reset" : "silent")}");
    }

    /// <summary>The machine sleeps: its clocks go on, and it hears nothing meanwhile.</summary>
    public static string Sleeps(World world)
    {
        TimeSpan length = TimeSpan.FromSeconds(45 * Math.Pow(640, world.Random.NextDouble()));
        return Stop(world, length, isCutOff: true);
    }

    /// <summary>The process is stopped, as by a debugger, and goes on.</summary>
    public static string Stops(World world) => Stop(world, TimeSpan.FromMinutes(10), isCutOff: false);

    /// <summary>
    /// The seeder and all leechers but one are behind NATs of every kind, and only the open one can be connected to: everything goes through it. The seeder has to ask
    /// the tracker for it, since the open one cannot come to the seeder.
    /// </summary>
    public static string AllBehindNats(World world)
    {
        NatKind[] kinds = [NatKind.FullCone, NatKind.AddressRestricted, NatKind.PortRestricted, NatKind.Symmetric];
        var swarm = new SimSwarm(world);
        // Who asked before the open one was there hears of it with the next answer.
        swarm.Tracker.Interval = TimeSpan.FromMinutes(5);
        SimSession seeder = swarm.AddSeeder();
        SimSession[] leechers = [.. Enumerable.Range(0, 9).Select(_ => swarm.AddLeecher())];
        SimClient open = swarm.ClientOf(leechers[world.Random.Next(leechers.Length)]);
        SimClient[] behind = [.. swarm.Clients.Where(c => c != open)];
        for (int i = 0; i < behind.Length; i++)
            swarm.Network.PutBehind(behind[i].Machine.Host, kinds[i % kinds.Length]);
        world.RunUntil(() => leechers.All(s => s.IsComplete), TimeSpan.FromMinutes(10));
        swarm.Check([.. leechers, seeder]);
        world.Require(behind.All(static c => c.Edges.Links.All(static l => l.IsOutbound)), "Somebody got in through a NAT.");
        return $"{SwarmFigures.Of(swarm, seeder, leechers)}; the open one sent {swarm.CopiesSentBy(leechers.Single(s => swarm.ClientOf(s) == open)):0.00} copies";
    }

    /// <summary>Something on the way resets streams at one packet of 32, and packets take up to 200 ms longer than others: who was cut off comes back, and nobody is blamed.</summary>
    public static string Resets(World world)
    {
        var swarm = new SimSwarm(world, 8 << 20, 128 << 10);
        swarm.Network.ResetShare = 1.0 / 32;
        swarm.Network.Jitter = TimeSpan.FromMilliseconds(200);
        SimSession seeder = swarm.AddSeeder(512 << 10);
        SimSession[] leechers = [.. Enumerable.Range(0, 5).Select(_ => swarm.AddLeecher(256 << 10))];
        world.RunUntil(() => leechers.All(s => s.IsComplete), TimeSpan.FromMinutes(20));
        swarm.Check([.. leechers, seeder]);
        world.Require(swarm.Network.Resets >= 10, $"Only {swarm.Network.Resets} streams were reset.");
        world.Require(swarm.Clients.All(static c => c.Log.Banned.Count == 0 && c.Log.Count(SimLog.PieceFailed) == 0), "Somebody was blamed for a reset.");
        return $"{swarm.Network.Resets} streams reset: {SwarmFigures.Of(swarm, seeder, leechers)}";
    }

    /// <summary>
    /// A client with a rate limit, whose wall clock jumps by hours and years while it downloads, and which is stopped for longer than an announce's
    /// interval: the limit holds in every half minute, and what was missed is announced once.
    /// </summary>
    public static string KeepsRates(World world)
    {
        const int Rate = 256 << 10, Window = 30;
        var swarm = new SimSwarm(world, 24 << 20, 256 << 10);
        for (int i = 0; i < 3; i++)
            swarm.AddSeeder(1 << 20);
        SimSession session = swarm.Begin(swarm.AddMachine(), null, new TorrentClientOptions { EnableDht = false, EnableLocalDiscovery = false, DhtRouters = [], DownloadBytesPerSecond = Rate });
        SimClient client = swarm.Clients[^1];
        TimeSpan[] jumps = [TimeSpan.FromHours(1), TimeSpan.FromHours(-1), TimeSpan.FromDays(365), TimeSpan.FromMinutes(10), TimeSpan.FromDays(-800)];
        for (int i = 0; i < 25; i++)
        {
            TimeSpan by = jumps[i % jumps.Length];
            world.After(TimeSpan.FromMilliseconds(900 * i), () => client.Machine.Clock.JumpUtc(by));
        }
        TimeSpan stop = TimeSpan.FromMinutes(10);
        world.After(TimeSpan.FromSeconds(30), () => client.Freeze(stop, isCutOff: false));
        var samples = new List<double>();
        while (!session.IsComplete && samples.Count < 2_000)
        {
            samples.Add(session.Core.Traffic.DownloadedBytes);
            world.Run(TimeSpan.FromSeconds(1));
        }
        swarm.Check([session]);
        double most = Enumerable.Range(0, samples.Count - Window).Max(i => (samples[i + Window] - samples[i]) / Window / Rate);
        world.Require(most <= 1.05, $"{most:0.000} x the limit within {Window} seconds.");
        world.Run(TimeSpan.FromMinutes(1));
        TimeSpan frozen = world.Now;
        client.Freeze(TimeSpan.FromHours(2.25), isCutOff: false);
        world.Run(TimeSpan.FromHours(2.25) + TimeSpan.FromMinutes(20));
        int announces = swarm.Tracker.Log.Count(a => a.At > frozen && a.From == client.Address);
        world.Require(announces == 1, $"{announces} announces after a stop of four intervals and a half.");
        world.Require(client.Log.Banned.Count == 0 && client.Log.Count(SimLog.StartFailed) == 0 && client.Log.Count(SimLog.PieceFailed) == 0, "Something was given up wrongly.");
        swarm.CheckQuiet(client);
        return $"at most {most:0.000} x the limit in any {Window} s beside 25 jumps of the wall clock and a stop of 10 min; {announces} announce after a stop of 2 h 15 min; nothing given up wrongly";
    }

    /// <summary>A thousand torrents in one client: nearly all are idle seeds, ten download. All start soon, and their announces are spread.</summary>
    public static string Thousand(World world)
    {
        const int Idle = 990, Active = 10;
        var swarm = new SimSwarm(world, 512 << 10, 32 << 10);
        SimMachine machine = swarm.AddMachine(4 << 20, 8 << 20);
        var client = new SimClient(machine);
        var random = new Random(world.Seed);
        string announce = $"http://{SimSwarm.TrackerHost}/announce";
        SimSession[] idle = [.. Enumerable.Range(0, Idle).Select(_ =>
        {
            Content content = Content.Make(random, 16 << 10, 16 << 10, announce);
            machine.Disk.FilesOf(content.Torrent).Fill(content.Bytes, machine.Disk.WallTicks);
            return client.Add(content, new AddTorrentOptions { SaveDirectory = "/sim", TrustFiles = true });
        })];
        SimSession[] active = [.. Enumerable.Range(0, Active).Select(_ =>
        {
            Content content = Content.Make(random, 512 << 10, 32 << 10, announce);
            swarm.With(content).AddSeeder();
            return client.Add(content);
        })];
        SimSession[] all = [.. idle, .. active];
        foreach (SimSession session in all)
            _ = session.Start();
        bool isStarted = world.RunUntil(() => Array.TrueForAll(all, s => s.IsStarted), TimeSpan.FromSeconds(10));
        world.Require(isStarted, $"{all.Count(s => s.IsStarted)} of {all.Length} torrents are started after 10 s.");
        double started = world.Now.TotalSeconds;
        bool isComplete = world.RunUntil(() => Array.TrueForAll(active, s => s.IsComplete), TimeSpan.FromMinutes(5));
        world.Require(isComplete, "The active torrents are not complete after 5 minutes.");
        double complete = world.Now.TotalSeconds;
        world.Run(TimeSpan.FromMinutes(70));
        swarm.CheckQuiet(client);
        int[] perSecond = [.. swarm.Tracker.Log.Where(a => a.From == client.Address).GroupBy(a => (int)a.At.TotalSeconds).Select(g => g.Count())];
        world.Require(perSecond.Max() <= 150, $"{perSecond.Max()} announces within a second.");
        long announces = perSecond.Sum();
        world.Require(announces >= 3 * all.Length && announces <= 4 * all.Length, $"{announces} announces of {all.Length} torrents in 70 min.");
        world.Require(swarm.Tracker.Completed == Active, $"{swarm.Tracker.Completed} downloads were counted by the tracker, {Active} were made.");
        return $"all {all.Length} started after {started:0.0} s, the {Active} active complete after {complete:0.0} s; {announces} announces in 70 min, at most {perSecond.Max()} in a second; {client.MostWakes} wakes/s at most";
    }

    private static string Stop(World world, TimeSpan length, bool isCutOff)
    {
        var traveller = new SimTraveller(world);
        traveller.Client.Freeze(length, isCutOff);
        world.Run(length);
        traveller.Remember();
        return Report(world, traveller, $"{(isCutOff ? "asleep" : "stopped")} for {length.TotalSeconds:0} s");
    }

    private static string Report(World world, SimTraveller traveller, string what, int atLeast = 0)
    {
        TimeSpan back = traveller.AwaitPeers(s_patience, atLeast);
        string end = traveller.Finish(TimeSpan.FromMinutes(20));
        return $"{what}: peers back after {back.TotalSeconds:0.0} s; {end}";
    }
}
