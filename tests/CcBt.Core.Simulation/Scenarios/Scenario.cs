using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>A story that plays in a world made from a seed, and says in a line how it ended; it throws when something did not hold.</summary>
/// <param name="Name">How the program calls it.</param>
/// <param name="CiRuns">Seeds that CI runs.</param>
/// <param name="Play">The story.</param>
internal sealed record Scenario(string Name, int CiRuns, Func<World, string> Play)
{
    /// <summary>What a run that did not hold ends with.</summary>
    public static bool IsFailure(Exception exception)
        => exception is SimulationException or TorrentException or InvalidOperationException or ArgumentException or NullReferenceException or KeyNotFoundException or IndexOutOfRangeException;

    public RunResult Run(int seed)
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        var world = new World(seed);
        try
        {
            string outcome = Play(world);
            return new RunResult(Name, seed, world.Hash.Value, IsGood: true, outcome, world.Steps, world.Messages, world.Now);
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            string place = exception is SimulationException ? "" : $"{Environment.NewLine}{exception.StackTrace}";
            return new RunResult(Name, seed, world.Hash.Value, IsGood: false, $"{exception.GetType().Name}: {exception.Message}{place}", world.Steps, world.Messages, world.Now);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }
}
