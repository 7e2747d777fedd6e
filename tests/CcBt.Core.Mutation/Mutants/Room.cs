namespace CcBt.Core.Mutation.Mutants;

/// <summary>A room whose code is changed, and the tests that are to notice it.</summary>
/// <param name="Name">The last part of its namespace.</param>
/// <param name="Types">The types to change; null: all.</param>
/// <param name="TestRooms">The namespaces of the tests, below the test assembly's.</param>
internal sealed record Room(string Name, string[]? Types, string[] TestRooms)
{
    public static readonly Room[] All =
    [
        new("BEncoding", null, ["BEncoding"]),
        new("Metainfo", null, ["Metainfo", "Values"]),
        new("Wire", null, ["Wire"]),
        new("Dht", null, ["Dht"]),
        new("Swarm", null, ["Swarm", "Session"]),
        new(
            "Session",
            ["StartGate", "StartGateOptions", "StartGateReports", "StartAttempt", "GateState", "RetryTimer", "Detached", "StartSequence", "SessionStart", "StartOrder", "DiscoveryDoor", "SeenPeers"],
            ["Session"]),
    ];

    public string Namespace => "CcBt.Core." + Name;

    public bool HasTest(string className) => TestRooms.Any(t => className.StartsWith($"CcBt.Core.Tests.{t}.", StringComparison.Ordinal));
}
