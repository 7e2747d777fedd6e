using CcBt.Core.Simulation.Clients;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>Honest swarms.</summary>
internal static class SwarmScenarios
{
    /// <summary>One seeder and some leechers: all get all of it, and the seeder does not carry it alone.</summary>
    public static string Complete(World world, int leechers, int megabytes)
    {
        var swarm = new SimSwarm(world, megabytes << 20);
        SimSession seeder = swarm.AddSeeder();
        SimSession[] sessions = [.. Enumerable.Range(0, leechers).Select(_ => swarm.AddLeecher())];
        world.RunUntil(() => sessions.All(s => s.IsComplete), TimeSpan.FromMinutes(10));
        world.Run(TimeSpan.FromSeconds(2));
        swarm.Check(sessions);
        swarm.Check([seeder]);
        return SwarmFigures.Of(swarm, seeder, sessions).ToString();
    }

    /// <summary>The only seeder vanishes when it has given 1.2 copies: everybody ends with all that anybody has.</summary>
    public static string SeederLeaves(World world)
    {
        var swarm = new SimSwarm(world, 4 << 20);
        SimSession seeder = swarm.AddSeeder(1 << 20);
        SimClient leaving = swarm.Clients[0];
        SimSession[] sessions = [.. Enumerable.Range(0, 8).Select(_ => swarm.AddLeecher())];
        world.RunUntil(() => SwarmFigures.UploadOf(seeder) >= 1.2 * swarm.Content.Bytes.Length, TimeSpan.FromMinutes(10));
        TimeSpan left = world.Now;
        leaving.Crash();
        world.RunUntil(() => sessions.All(s => s.IsComplete), TimeSpan.FromMinutes(10));
        swarm.Check(sessions, mustBeComplete: false);
        int[] counts = [.. sessions.Select(s => s.Core.Progress.Have!.Count)];
        world.Require(counts.Distinct().Count() == 1, $"Some have less than others long after the seeder left: {string.Join(", ", counts)} of {swarm.Content.Torrent.PieceCount}.");
        return $"it left at {left.TotalSeconds:0.0} s after {SwarmFigures.UploadOf(seeder) / swarm.Content.Bytes.Length:0.00} copies; all have {counts[0]} of {swarm.Content.Torrent.PieceCount} pieces; {SwarmFigures.Of(swarm, null, sessions)}";
    }

    /// <summary>Leechers all come within a second.</summary>
    public static string FlashCrowd(World world)
    {
        var swarm = new SimSwarm(world, 2 << 20);
        SimSession seeder = swarm.AddSeeder(1 << 20);
        world.Run(TimeSpan.FromSeconds(2));
        var sessions = new List<SimSession>();
        for (int i = 0; i < 25; i++)
            world.After(world.Between(TimeSpan.Zero, TimeSpan.FromSeconds(1)), () => sessions.Add(swarm.AddLeecher(512 << 10)));
        world.RunUntil(() => sessions.Count == 25 && sessions.TrueForAll(s => s.IsComplete), TimeSpan.FromMinutes(10));
        world.Run(TimeSpan.FromSeconds(2));
        swarm.Check([.. sessions, seeder]);
        return SwarmFigures.Of(swarm, seeder, sessions).ToString();
    }

    /// <summary>Some leechers give nothing.</summary>
    public static string FreeRiders(World world)
    {
        var swarm = new SimSwarm(world, 8 << 20);
        SimSession seeder = swarm.AddSeeder(1 << 20);
        SimSession[] givers = [.. Enumerable.Range(0, 16).Select(_ => swarm.AddLeecher(128 << 10))];
        SimSession[] riders = [.. Enumerable.Range(0, 6).Select(_ => swarm.Begin(swarm.AddMachine(), new AddTorrentOptions { SaveDirectory = "/sim", UploadBytesPerSecond = 1024 }))];
        world.RunUntil(() => givers.Concat(riders).All(s => s.IsComplete), TimeSpan.FromMinutes(20));
        swarm.Check([.. givers, .. riders, seeder]);
        double good = givers.Average(s => s.CompletedAt!.Value.TotalSeconds), bad = riders.Average(s => s.CompletedAt!.Value.TotalSeconds);
        return $"16 givers complete after {good:0.0} s, 6 free-riders after {bad:0.0} s; {SwarmFigures.Of(swarm, seeder, givers)}";
    }
}
