using CcBt.Core.Simulation.Peers;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>All scenarios.</summary>
internal static class ScenarioList
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("swarm", 10, static world => SwarmScenarios.Complete(world, leechers: 8, megabytes: 2)),
        new("swarm-30", 2, static world => SwarmScenarios.Complete(world, leechers: 30, megabytes: 8)),
        new("poisoner", 10, HostileScenarios.OnePoisoner),
        new("all-poisoners", 3, HostileScenarios.AllPoisoners),
        new("silent-peers", 14, static world => HostileScenarios.Useless(world, RawMood.Silent)),
        new("stale-bitfields", 6, static world => HostileScenarios.Useless(world, RawMood.Stale)),
        new("liars", 14, static world => HostileScenarios.Useless(world, RawMood.Liar)),
        new("flooders", 4, HostileScenarios.Flooders),
        new("noise", 4, static world => HostileScenarios.Useless(world, RawMood.Noise)),
        new("slow-loris", 3, HostileScenarios.SlowLoris),
        new("disk-full", 10, FaultScenarios.DiskFull),
        new("disk-call-fails", 40, FaultScenarios.DiskCallFails),
        new("slow-disk", 6, FaultScenarios.SlowDisk),
        new("partition", 6, FaultScenarios.Partition),
        new("nat", 6, FaultScenarios.Nat),
        new("trackers", 6, FaultScenarios.Trackers),
        new("slow-tracker", 3, static world => FaultScenarios.PoorTracker(world, TrackerMood.Slow)),
        new("lying-tracker", 3, static world => FaultScenarios.PoorTracker(world, TrackerMood.Lying)),
        new("clock-jumps", 4, FaultScenarios.ClockJumps),
        new("session-storm", 60, static world => SessionStorm.Play(world, commands: 2_000)),
        new("swarm-500", 0, static world => SwarmScenarios.Complete(world, leechers: 500, megabytes: 8)),
    ];

    public static Scenario? Find(string name) => All.FirstOrDefault(s => s.Name == name);
}
