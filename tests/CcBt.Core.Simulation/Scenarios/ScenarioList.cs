namespace CcBt.Core.Simulation.Scenarios;

/// <summary>All scenarios.</summary>
internal static class ScenarioList
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("swarm", 10, static world => SwarmScenarios.Complete(world, leechers: 8)),
    ];

    public static Scenario? Find(string name) => All.FirstOrDefault(s => s.Name == name);
}
