using CcBt.Core.Simulation.Faults;
using CcBt.Core.Simulation.Peers;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>All scenarios.</summary>
internal static class ScenarioList
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("swarm", 10, static world => SwarmScenarios.Complete(world, leechers: 8, megabytes: 2, mostWaste: 0.15, mostCopies: 2.5)),
        new("swarm-16mb", 2, static world => SwarmScenarios.Complete(world, leechers: 8, megabytes: 16, mostWaste: 0.05, mostCopies: 1.4)),
        new("swarm-30", 2, static world => SwarmScenarios.Complete(world, leechers: 30, megabytes: 8, mostWaste: 0.05, mostCopies: 1.7)),
        new("poisoner", 10, HostileScenarios.OnePoisoner),
        new("all-poisoners", 3, HostileScenarios.AllPoisoners),
        new("silent-peers", 14, static world => HostileScenarios.Useless(world, RawMood.Silent)),
        new("stale-bitfields", 6, static world => HostileScenarios.Useless(world, RawMood.Stale)),
        new("liars", 14, static world => HostileScenarios.Useless(world, RawMood.Liar)),
        new("lying-haves", 4, static world => HostileScenarios.Useless(world, RawMood.LyingHave)),
        new("lying-rejects", 4, HostileScenarios.LyingRejects),
        new("lying-suggests", 4, static world => HostileScenarios.Useless(world, RawMood.LyingSuggest)),
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
        new("sweep-dials", 1, SweepScenarios.Dials),
        new("sweep-sends", 1, SweepScenarios.Sends),
        new("sweep-receives", 1, SweepScenarios.Receives),
        new("sweep-datagrams", 1, SweepScenarios.Datagrams),
        new("sweep-answers-fail", 1, static world => SweepScenarios.Answers(world, FaultKind.Error)),
        new("sweep-answers-cancelled", 1, static world => SweepScenarios.Answers(world, FaultKind.Cancelled)),
        new("sweep-answers-unforeseen", 1, static world => SweepScenarios.Answers(world, FaultKind.Unforeseen)),
        new("sweep-answers-twice", 1, static world => SweepScenarios.Answers(world, FaultKind.Twice)),
        new("sweep-answers-never", 1, static world => SweepScenarios.Answers(world, FaultKind.Never)),
        new("session-storm", 60, static world => SessionStorm.Play(world, SessionStorm.Commands)),
        new("seeder-leaves", 10, SwarmScenarios.SeederLeaves),
        new("flash-crowd", 3, SwarmScenarios.FlashCrowd),
        new("free-riders", 2, static world => SwarmScenarios.FreeRiders(world, slots: 8, megabytes: 24, kibPerSecond: 512)),
        new("magnets", 10, DiscoveryScenarios.Magnets),
        new("discovery-storm", 40, DiscoveryScenarios.Storm),
        new("network-moves", 3, NetworkScenarios.Moves),
        new("network-down-up", 4, NetworkScenarios.DownAndUp),
        new("nat-changes", 4, NetworkScenarios.NatChanges),
        new("sleeps", 4, NetworkScenarios.Sleeps),
        new("stops", 1, NetworkScenarios.Stops),
        new("keeps-rates", 2, NetworkScenarios.KeepsRates),
        new("thousand-torrents", 1, NetworkScenarios.Thousand),
        new("tracker-day", 2, TrackerScenarios.Day),
        new("udp-tracker-loss", 2, TrackerScenarios.UdpLoss),
        new("dht-dead-bootstrap", 6, DhtScenarios.DeadBootstrap),
        new("dht-loss", 16, static world => DhtScenarios.Loss(world, nodes: 120)),
        new("dht-garbage", 4, static world => DhtScenarios.Garbage(world, nodes: 300, lookups: 100, least: 0.95)),
        new("dht-sybils-1", 3, static world => DhtScenarios.Sybils(world, nodes: 150, networks: 1, least: 0.95)),
        new("dht-sybils-32", 3, static world => DhtScenarios.Sybils(world, nodes: 150, networks: 32, least: 0.8)),
        new("dht-1000", 1, static world => DhtScenarios.Healthy(world, nodes: 1_000, lookups: 200)),
        new("dht-10000", 0, static world => DhtScenarios.Healthy(world, nodes: 10_000, lookups: 1_000)),
        new("dht-100000", 0, static world => DhtScenarios.Healthy(world, nodes: 100_000, lookups: 1_000)),
        new("dht-sybils-1-10000", 0, static world => DhtScenarios.Sybils(world, nodes: 10_000, networks: 1, least: 0.95)),
        new("dht-sybils-32-10000", 0, static world => DhtScenarios.Sybils(world, nodes: 10_000, networks: 32, least: 0.8)),
        new("dht-garbage-2000", 0, static world => DhtScenarios.Garbage(world, nodes: 2_000, lookups: 500, least: 0.99)),
        new("dht-garbage-10000", 0, static world => DhtScenarios.Garbage(world, nodes: 10_000, lookups: 1_000, least: 0.99)),
        new("swarm-500", 0, static world => SwarmScenarios.Complete(world, leechers: 500, megabytes: 8, mostWaste: 0.05, mostCopies: 2)),
    ];

    public static Scenario? Find(string name) => All.FirstOrDefault(s => s.Name == name);
}
