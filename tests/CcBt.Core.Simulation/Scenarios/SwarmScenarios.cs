using CcBt.Core.Simulation.Clients;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>Honest swarms.</summary>
internal static class SwarmScenarios
{
    /// <summary>One seeder and some leechers: all get all of it, and the seeder does not carry it alone.</summary>
    public static string Complete(World world, int leechers)
    {
        var swarm = new SimSwarm(world);
        SimSession seeder = swarm.AddSeeder();
        SimSession[] sessions = [.. Enumerable.Range(0, leechers).Select(_ => swarm.AddLeecher())];
        world.RunUntil(() => sessions.All(s => s.IsComplete), TimeSpan.FromMinutes(10));
        swarm.Check(sessions);
        swarm.Check([seeder]);
        return SwarmFigures.Of(swarm, seeder, sessions).ToString();
    }
}
