using Mono.Cecil;

namespace CcBt.Core.Tests.Architecture;

public sealed class ArchitectureTests
{
    private const string PlantedRoot = "CcBt.Core.Tests.Architecture.Planted";

    private static readonly Lazy<IReadOnlyList<string>> _planted = new(() =>
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(typeof(ArchitectureTests).Assembly.Location);
        return new ArchitectureChecker(new RoomMap(PlantedRoot)).Check(module);
    });

    [Fact]
    public void The_library_keeps_its_bands_and_arrows()
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(typeof(InfoHash).Assembly.Location);

        IReadOnlyList<string> violations = new ArchitectureChecker(new RoomMap("CcBt.Core")).Check(module);

        Assert.True(violations.Count == 0, string.Join('\n', violations));
    }

    [Theory]
    [InlineData("Dht.AskingNode", "Swarm.Planner", "Field", "no such arrow")]
    [InlineData("Dht.AskingNode", "Swarm.Planner", "Generic", "no such arrow")]
    [InlineData("Dht.AskingNode", "Swarm.Planner", "Closure", "no such arrow")]
    [InlineData("Dht.AskingNode", "TorrentSession", "Handle", "no such arrow")]
    [InlineData("PlantedValue", "Dht.AskingNode", "Node", "no such arrow")]
    [InlineData("Unknown.Stranger", "", "", "no room")]
    public void A_forbidden_arrow_is_found(string from, string to, string place, string message)
        => Assert.Contains(_planted.Value, v => v.StartsWith($"{PlantedRoot}.{from}", StringComparison.Ordinal)
            && v.Contains(to, StringComparison.Ordinal) && v.Contains(place, StringComparison.Ordinal) && v.EndsWith(message, StringComparison.Ordinal));

    [Theory]
    [InlineData("System.Threading.Tasks.Task", "Waits")]
    [InlineData("System.Runtime.CompilerServices.AsyncTaskMethodBuilder", "Waits")]
    [InlineData("System.Threading.Monitor", "Locks")]
    [InlineData("System.Net.Sockets.Socket", "Connects")]
    [InlineData("System.IO.File.", "Reads")]
    [InlineData("System.IO.FileStream", "Opens")]
    [InlineData("System.Diagnostics.Stopwatch", "Measures")]
    [InlineData("System.DateTime.get_UtcNow", "Clock")]
    [InlineData("System.Environment.get_TickCount64", "Clock")]
    [InlineData("System.TimeProvider", "Clock")]
    [InlineData("System.Random.get_Shared", "Rolls")]
    [InlineData("System.Random..ctor", "Rolls")]
    [InlineData("System.Threading.Timer", "Timers")]
    [InlineData("System.Threading.Thread", "Threads")]
    [InlineData("System.Random.get_Shared", "Closure")]
    public void An_impure_use_in_a_pure_room_is_found(string target, string place)
        => Assert.Contains(_planted.Value, v => v.StartsWith($"{PlantedRoot}.Swarm.ImpurePlanner → {target}", StringComparison.Ordinal)
            && v.Contains(place, StringComparison.Ordinal) && v.EndsWith("band Pure", StringComparison.Ordinal));

    [Fact]
    public void A_task_run_in_the_owner_is_found()
        => Assert.Contains(_planted.Value, v => v.Contains("Session.Starter → System.Threading.Tasks.Task.Run", StringComparison.Ordinal));

    [Theory]
    [InlineData("DelayAsync")]
    [InlineData("Patience")]
    [InlineData("Ticks")]
    public void A_wait_without_a_time_provider_is_found(string place)
        => Assert.Contains(_planted.Value, v => v.StartsWith($"{PlantedRoot}.Transport.Sleeper →", StringComparison.Ordinal) && v.Contains($".{place}", StringComparison.Ordinal));

    [Fact]
    public void A_wait_by_a_time_provider_is_left_alone()
        => Assert.DoesNotContain(_planted.Value, v => v.Contains("Sleeper", StringComparison.Ordinal) && v.Contains("Allowed", StringComparison.Ordinal));

    [Theory]
    [InlineData("Swarm.Planner →")]
    [InlineData("Transport.Dialer →")]
    [InlineData("Wire.Codec →")]
    [InlineData("TorrentSession →")]
    public void A_type_that_keeps_the_rules_is_left_alone(string from)
        => Assert.DoesNotContain(_planted.Value, v => v.StartsWith($"{PlantedRoot}.{from}", StringComparison.Ordinal));
}
