using CcBt.Core.Simulation.Clients;
using CcBt.Core.Simulation.Faults;
using CcBt.Core.Simulation.Net;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>
/// A good run is counted, then played again once for each of its points, with a fault at that point and nowhere else. After each,
/// what must hold after every fault is looked at.
/// </summary>
internal static class SweepScenarios
{
    public static string Dials(World world) => Sweep(world, static (net, _) => net.Dials, FaultKind.Error);

    public static string Sends(World world) => Sweep(world, static (net, _) => net.Sends, FaultKind.Error);

    public static string Receives(World world) => Sweep(world, static (net, _) => net.Receives, FaultKind.Error);

    public static string Datagrams(World world) => Sweep(world, static (net, _) => net.Losses, FaultKind.Error);

    /// <summary>Everything that the owner waits for: the disk's answers, announces, host names.</summary>
    public static string Answers(World world, FaultKind kind) => Sweep(world, static (_, machine) => machine.Disk.Answers, kind);

    private static string Sweep(World world, Func<SimNetwork, SimMachine, FaultPlan> choose, FaultKind kind)
    {
        SweepStory good = Play(world, choose, kind, at: 0);
        world.Require(good.Broken.IsClean && good.IsComplete, $"The run without a fault is not good: {good}");
        long points = good.Points;
        FaultCount sum = default;
        int complete = 0;
        string first = "";
        for (long at = 1; at <= points; at++)
        {
            SweepStory story = Play(world, choose, kind, at);
            sum += story.Broken;
            complete += story.IsComplete ? 1 : 0;
            if (!story.Broken.IsClean && first.Length == 0)
                first = $" First at {at}: {story}";
        }
        world.Require(sum.IsClean, $"N {points}: {sum}.{first}");
        return $"N {points}: {sum}; complete {complete}";
    }

    private static SweepStory Play(World world, Func<SimNetwork, SimMachine, FaultPlan> choose, FaultKind kind, long at)
    {
        var inner = new World(world.Seed);
        var story = new SweepStory(inner, choose, kind, at);
        story.Play();
        world.Hash.Add((long)inner.Hash.Value);
        return story;
    }
}
