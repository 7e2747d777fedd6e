using CcBt.Core.Simulation.Clients;
using CcBt.Core.Simulation.Disk;
using CcBt.Core.Simulation.Net;
using CcBt.Core.Simulation.Peers;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>Faults of disks, networks, trackers and clocks under honest swarms.</summary>
internal static class FaultScenarios
{
    /// <summary>The disk is full half way, and freed later: the session says so, goes on by itself, and ends.</summary>
    public static string DiskFull(World world)
    {
        var swarm = new SimSwarm(world);
        SimSession seeder = swarm.AddSeeder();
        SimMachine machine = swarm.AddMachine();
        machine.Disk.Room = world.Random.Next(swarm.Content.Bytes.Length);
        SimSession leecher = swarm.Begin(machine);
        bool isTold = world.RunUntil(() => leecher.Core.Problem is { Code: TorrentErrorCode.DiskFull }, TimeSpan.FromMinutes(1));
        world.Require(isTold, "Nobody was told that the disk is full.");
        world.Run(TimeSpan.FromMinutes(10));
        double spent = machine.Host.StreamBytesReceived;
        world.Require(spent <= 14 * swarm.Content.Bytes.Length, $"{spent / swarm.Content.Bytes.Length:0.0} copies came in while there was no room for one.");
        machine.Disk.Room = long.MaxValue;
        TimeSpan freed = world.Now;
        world.RunUntil(() => leecher.IsComplete, TimeSpan.FromMinutes(3));
        swarm.Check([leecher, seeder]);
        return $"{spent / swarm.Content.Bytes.Length:0.0} copies came in 10 min while full; complete {(world.Now - freed).TotalSeconds:0} s after it was freed";
    }

    /// <summary>Every n-th disk call fails once: the download ends all the same.</summary>
    public static string DiskCallFails(World world)
    {
        var swarm = new SimSwarm(world, 512 << 10, 32 << 10);
        swarm.AddSeeder();
        SimMachine machine = swarm.AddMachine();
        machine.Disk.Answers.At = 1 + world.Seed % 22;
        SimSession leecher = swarm.Begin(machine, null, SessionStorm.Options);
        world.RunUntil(() => leecher.IsComplete, TimeSpan.FromMinutes(15));
        swarm.Check([leecher]);
        return $"answer {machine.Disk.Answers.At} of {machine.Disk.Answers.Points} failed; complete at {leecher.CompletedAt?.TotalSeconds:0.0} s";
    }

    /// <summary>A memory so small that the picker must wait for the disk again and again.</summary>
    public static string SlowDisk(World world)
    {
        var swarm = new SimSwarm(world, 1 << 20, 32 << 10);
        swarm.AddSeeder(8 << 20);
        SimMachine machine = swarm.AddMachine();
        machine.Disk.PieceBudget = world.Random.Next(1, 4);
        machine.Disk.MostService = TimeSpan.FromMilliseconds(400);
        SimSession leecher = swarm.Begin(machine);
        world.RunUntil(() => leecher.IsComplete, TimeSpan.FromMinutes(10));
        swarm.Check([leecher]);
        return $"{machine.Disk.PieceBudget} pieces of memory: complete at {leecher.CompletedAt?.TotalSeconds:0.0} s, {leecher.Core.Traffic.WastedBytes >> 10} KiB wasted";
    }

    /// <summary>The network falls in two in the middle of it, for a minute or an hour: once it is whole again, all find each other and end within minutes.</summary>
    public static string Partition(World world)
    {
        var swarm = new SimSwarm(world, 4 << 20);
        SimSession seeder = swarm.AddSeeder(1 << 20);
        SimSession[] leechers = [.. Enumerable.Range(0, 6).Select(_ => swarm.AddLeecher(256 << 10))];
        foreach (SimClient client in swarm.Clients.Skip(1))
            client.Machine.Host.Side = world.Random.Next(2);
        world.Run(world.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4)));
        swarm.Network.Cut();
        TimeSpan length = TimeSpan.FromMinutes(Math.Pow(60, world.Random.NextDouble()));
        world.Run(length);
        swarm.Network.Heal();
        TimeSpan healed = world.Now;
        // A peer that nobody else can replace is tried every four minutes; what is left to download takes less than one.
        world.RunUntil(() => leechers.All(s => s.IsComplete), TimeSpan.FromMinutes(6));
        swarm.Check([.. leechers, seeder]);
        return $"cut for {length.TotalSeconds:0} s; all complete {(world.Now - healed).TotalSeconds:0} s after it healed";
    }

    /// <summary>Half of the leechers can be reached by nobody.</summary>
    public static string Nat(World world)
    {
        var swarm = new SimSwarm(world);
        SimSession seeder = swarm.AddSeeder();
        SimSession[] leechers = [.. Enumerable.Range(0, 8).Select(_ => swarm.AddLeecher())];
        foreach (SimClient client in swarm.Clients.Skip(1).Where((_, i) => i % 2 == 0))
            swarm.Network.PutBehind(client.Machine.Host, NatKind.PortRestricted);
        world.RunUntil(() => leechers.All(s => s.IsComplete), TimeSpan.FromMinutes(10));
        swarm.Check([.. leechers, seeder]);
        return SwarmFigures.Of(swarm, seeder, leechers).ToString();
    }

    /// <summary>One good tracker among bad ones: it is found, and none is asked too often.</summary>
    public static string Trackers(World world)
    {
        // One that answers at all, however badly, is used as BEP 12 has it; so those that fail come first.
        TrackerMood[] moods = [TrackerMood.Dead, TrackerMood.Refusing, TrackerMood.Garbage, TrackerMood.Bomb];
        world.Random.Shuffle(moods);
        var swarm = new SimSwarm(world);
        string[] urls = ["http://unknown.example/announce", .. moods.Select(static m => $"http://{m.ToString().ToLowerInvariant()}.example/announce"), $"http://{SimSwarm.TrackerHost}/announce"];
        foreach (TrackerMood mood in moods)
            swarm.Trackers[$"{mood.ToString().ToLowerInvariant()}.example"].Mood = mood;
        SimSession seeder = swarm.AddSeeder();
        SimMachine machine = swarm.AddMachine();
        var client = new SimClient(machine);
        Content content = Content.Make(new Random(world.Seed), swarm.Content.Bytes.Length, swarm.Content.Torrent.PieceLength, urls);
        SimSession leecher = client.Add(content);
        _ = leecher.Start();
        bool isComplete = world.RunUntil(() => leecher.IsComplete, TimeSpan.FromMinutes(30));
        world.Require(isComplete, "The good tracker was not found in 30 minutes.");
        TimeSpan found = leecher.CompletedAt!.Value;
        Dictionary<TrackerMood, long> before = moods.ToDictionary(static m => m, m => swarm.Trackers[$"{m.ToString().ToLowerInvariant()}.example"].Announces);
        world.Run(TimeSpan.FromHours(3));
        long most = moods.Max(m => swarm.Trackers[$"{m.ToString().ToLowerInvariant()}.example"].Announces - before[m]);
        world.Require(most <= 36, $"A bad tracker was asked {most} times in 3 hours.");
        leecher.Close(Session.SessionEnd.Stop);
        TimeSpan stopped = world.Now;
        bool isClosed = world.RunUntil(() => leecher.IsClosed, TimeSpan.FromSeconds(10));
        world.Require(isClosed, "Stopping hung on the trackers.");
        swarm.CheckQuiet(client);
        return $"complete at {found.TotalSeconds:0.0} s; at most {most} announces to a bad tracker in 3 h; stopped in {(world.Now - stopped).TotalSeconds:0.0} s; seeder {seeder.State}";
    }

    /// <summary>The first tracker answers just in time, or names peers that are not there; the second one is good and in the same tier.</summary>
    public static string PoorTracker(World world, TrackerMood mood)
    {
        var swarm = new SimSwarm(world);
        SimSession seeder = swarm.AddSeeder();
        SimSession leecher = swarm.AddLeecher();
        world.Run(TimeSpan.FromMilliseconds(10));
        swarm.Tracker.Mood = mood;
        _ = seeder.AddPeers(SimSwarm.EndPoints(swarm.Clients[1].Address));
        world.RunUntil(() => leecher.IsComplete, TimeSpan.FromMinutes(20));
        world.Run(TimeSpan.FromHours(2));
        swarm.Check([seeder, leecher]);
        SimClient client = swarm.Clients[1];
        return $"complete at {leecher.CompletedAt?.TotalSeconds:0.0} s; {swarm.Tracker.Announces} announces by two clients in 2 h, {client.MostWakes} wakes/s at most";
    }

    /// <summary>Wall clocks jump by hours and years: nothing that happens depends on them.</summary>
    public static string ClockJumps(World world)
    {
        ulong quiet = Play(new World(world.Seed), jumps: false);
        ulong jumpy = Play(world, jumps: true);
        world.Require(quiet == jumpy, "The run with jumping wall clocks went another way.");
        return "the same events with and without jumps of an hour, a year, and back";
    }

    private static ulong Play(World world, bool jumps)
    {
        var swarm = new SimSwarm(world);
        SimSession seeder = swarm.AddSeeder(256 << 10);
        SimSession[] leechers = [.. Enumerable.Range(0, 4).Select(_ => swarm.AddLeecher(128 << 10))];
        TimeSpan[] sizes = [TimeSpan.FromHours(1), TimeSpan.FromHours(-1), TimeSpan.FromDays(365), TimeSpan.FromDays(-700), TimeSpan.FromMinutes(10)];
        for (int i = 0; i < 40; i++)
        {
            SimClient client = swarm.Clients[i % swarm.Clients.Count];
            TimeSpan by = sizes[i % sizes.Length];
            world.After(TimeSpan.FromMilliseconds(137 * i), () => client.Machine.Clock.JumpUtc(jumps ? by : TimeSpan.Zero));
        }
        world.RunUntil(() => leechers.All(s => s.IsComplete), TimeSpan.FromMinutes(10));
        world.Run(TimeSpan.FromMinutes(5));
        swarm.Check([.. leechers, seeder]);
        return world.Hash.Value;
    }
}
