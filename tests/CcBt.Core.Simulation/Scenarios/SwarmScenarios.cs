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
}
