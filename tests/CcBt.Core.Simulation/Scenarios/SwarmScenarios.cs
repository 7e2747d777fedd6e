using CcBt.Core.Simulation.Clients;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>Honest swarms.</summary>
internal static class SwarmScenarios
{
    /// <summary>One seeder as fast as each of some leechers: all get all of it, and the seeder does not carry it alone.</summary>
    public static string Complete(World world, int leechers, int megabytes, double mostWaste, double mostCopies)
    {
        var swarm = new SimSwarm(world, megabytes << 20);
        SimSession seeder = swarm.AddSeeder(1 << 20);
        SimSession[] sessions = [.. Enumerable.Range(0, leechers).Select(_ => swarm.AddLeecher())];
        var firstCopy = new FirstCopyWatch(swarm, seeder, sessions);
        world.RunUntil(() => sessions.All(s => s.IsComplete), TimeSpan.FromMinutes(10));
        world.Run(TimeSpan.FromSeconds(2));
        swarm.Check(sessions);
        swarm.Check([seeder]);
        SwarmFigures figures = SwarmFigures.Of(swarm, seeder, sessions);
        Hold(world, figures, firstCopy, mostWaste, mostCopies);
        return $"{figures}, {firstCopy}";
    }

    /// <summary>The only seeder, faster than each of the leechers, loses power when it has given 1.2 copies: most lack much then, and all complete from each other.</summary>
    public static string SeederLeaves(World world)
    {
        const int Leechers = 16;
        var swarm = new SimSwarm(world, 16 << 20);
        SimSession seeder = swarm.AddSeeder(2 << 20);
        SimClient leaving = swarm.Clients[0];
        SimSession[] sessions = [.. Enumerable.Range(0, Leechers).Select(_ => swarm.AddLeecher(256 << 10))];
        var firstCopy = new FirstCopyWatch(swarm, seeder, sessions);
        world.RunUntil(() => swarm.CopiesSentBy(seeder) >= 1.2, TimeSpan.FromMinutes(10));
        double given = swarm.CopiesSentBy(seeder);
        TimeSpan left = world.Now;
        int incomplete = sessions.Count(s => !s.IsComplete);
        double had = sessions.Average(PiecesOf) / swarm.Content.Torrent.PieceCount;
        leaving.Crash();
        world.Require(incomplete == Leechers, $"Only {incomplete} of {Leechers} were incomplete when the seeder left.");
        world.RunUntil(() => sessions.All(s => s.IsComplete), TimeSpan.FromMinutes(10));
        int[] counts = [.. sessions.Select(s => s.Core.Progress.Have!.Count)];
        world.Require(counts.Distinct().Count() == 1, $"Some have less than others long after the seeder left: {string.Join(", ", counts)} of {swarm.Content.Torrent.PieceCount}.");
        world.Require(counts[0] == swarm.Content.Torrent.PieceCount, $"{counts[0]} of {swarm.Content.Torrent.PieceCount} pieces had left the seeder with 1.2 copies.");
        swarm.Check(sessions);
        return $"it left at {left.TotalSeconds:0.0} s after {given:0.00} copies, {incomplete} of {Leechers} were incomplete and had {had:0%} on average; {firstCopy}; {SwarmFigures.Of(swarm, null, sessions)}";
    }

    /// <summary>Leechers all come within a second.</summary>
    public static string FlashCrowd(World world)
    {
        var swarm = new SimSwarm(world, 4 << 20);
        SimSession seeder = swarm.AddSeeder(512 << 10);
        world.Run(TimeSpan.FromSeconds(2));
        var sessions = new List<SimSession>();
        for (int i = 0; i < 25; i++)
            world.After(world.Between(TimeSpan.Zero, TimeSpan.FromSeconds(1)), () => sessions.Add(swarm.AddLeecher(512 << 10)));
        var firstCopy = new FirstCopyWatch(swarm, seeder, sessions);
        world.RunUntil(() => sessions.Count == 25 && sessions.TrueForAll(s => s.IsComplete), TimeSpan.FromMinutes(10));
        world.Run(TimeSpan.FromSeconds(2));
        swarm.Check([.. sessions, seeder]);
        SwarmFigures figures = SwarmFigures.Of(swarm, seeder, sessions);
        Hold(world, figures, firstCopy, mostWaste: 0.06, mostCopies: 1.8);
        return $"{figures}, {firstCopy}";
    }

    /// <summary>Some leechers give nothing: while capacity is scarce they get little, and they end after those who give.</summary>
    /// <param name="world">The world.</param>
    /// <param name="slots">How many peers a giver serves at once.</param>
    /// <param name="megabytes">The size of the torrent, in MiB.</param>
    /// <param name="kibPerSecond">A giver's line, in KiB per second; the seeder's is twice as fast.</param>
    /// <param name="giving">How a giver behaves on the wire.</param>
    /// <param name="riding">How a free-rider does.</param>
    /// <param name="mostShare">What a free-rider may have of what a giver has when a quarter of those are complete.</param>
    /// <param name="leastDelay">How much later than givers free-riders are complete at least.</param>
    public static string FreeRiders(World world, int slots, int megabytes, int kibPerSecond, SimHabits giving, SimHabits riding, double mostShare, double leastDelay)
    {
        var swarm = new SimSwarm(world, megabytes << 20);
        SimSession seeder = swarm.AddSeeder(2 * kibPerSecond << 10);
        TorrentClientOptions options = SimClient.Quiet with { UnchokeSlots = slots };
        SimSession[] givers = [.. Enumerable.Range(0, 16).Select(_ => swarm.Begin(swarm.AddMachine(kibPerSecond << 10) with { Habits = giving }, null, options))];
        SimSession[] riders = Limited(swarm, 6, 1024, riding);
        world.RunUntil(() => givers.Count(s => s.IsComplete) >= 4, TimeSpan.FromMinutes(20));
        double giverHas = givers.Average(PiecesOf), riderHas = riders.Average(PiecesOf);
        world.RunUntil(() => givers.Concat(riders).All(s => s.IsComplete), TimeSpan.FromMinutes(20));
        swarm.Check([.. givers, .. riders, seeder]);
        double good = SecondsOf(givers), bad = SecondsOf(riders);
        string outcome = $"when 4 of 16 givers were complete, a free-rider had {riderHas / giverHas:0%} of what a giver had; givers complete after {good:0.0} s, 6 free-riders after {bad:0.0} s; {SwarmFigures.Of(swarm, seeder, givers)}";
        world.Require(riderHas <= mostShare * giverHas && bad >= leastDelay * good, outcome);
        return outcome;
    }

    /// <summary>Some give as they can, which is little, and some nothing: the slow are not taken for free-riders, get more while capacity is scarce, and end before them.</summary>
    /// <param name="world">The world.</param>
    /// <param name="slowKibPerSecond">What a slow one gives, in KiB per second.</param>
    /// <param name="isLine">Whether its line is that slow, so that what it asks for waits behind what it gives; else it has set a limit.</param>
    public static string SlowGivers(World world, int slowKibPerSecond, bool isLine)
    {
        var swarm = new SimSwarm(world, 24 << 20);
        SimSession seeder = swarm.AddSeeder(1 << 20);
        SimSession[] givers = [.. Enumerable.Range(0, 12).Select(_ => swarm.AddLeecher(512 << 10))];
        SimSession[] slow = isLine ? [.. Enumerable.Range(0, 4).Select(_ => swarm.AddLeecher(slowKibPerSecond << 10))] : Limited(swarm, 4, slowKibPerSecond << 10, SimHabits.Own);
        SimSession[] riders = Limited(swarm, 4, 1024, SimHabits.Own);
        world.RunUntil(() => givers.Count(s => s.IsComplete) >= 3, TimeSpan.FromMinutes(20));
        double giverHas = givers.Average(PiecesOf), slowHas = slow.Average(PiecesOf), riderHas = riders.Average(PiecesOf);
        world.RunUntil(() => givers.Concat(slow).Concat(riders).All(s => s.IsComplete), TimeSpan.FromMinutes(20));
        swarm.Check([.. givers, .. slow, .. riders, seeder]);
        double good = SecondsOf(givers), slower = SecondsOf(slow), bad = SecondsOf(riders);
        string outcome = $"when 3 of 12 givers were complete, a slow one had {slowHas / giverHas:0%} and a free-rider {riderHas / giverHas:0%} of what a giver had; givers complete after {good:0.0} s, 4 slow ones after {slower:0.0} s, 4 free-riders after {bad:0.0} s; {SwarmFigures.Of(swarm, seeder, givers)}";
        // Behind a slow line haves and requests come late, and who hears little of a peer takes it for less: it fares like a free-rider at the worst.
        world.Require(isLine ? slower <= 1.05 * bad : slowHas > riderHas && slower < bad, outcome);
        return outcome;
    }

    private static SimSession[] Limited(SimSwarm swarm, int count, int bytesPerSecond, SimHabits habits)
        => [.. Enumerable.Range(0, count).Select(_ => swarm.Begin(swarm.AddMachine() with { Habits = habits }, new AddTorrentOptions { SaveDirectory = "/sim", UploadBytesPerSecond = bytesPerSecond }))];

    private static double SecondsOf(SimSession[] sessions) => sessions.Average(static s => s.CompletedAt!.Value.TotalSeconds);

    private static double PiecesOf(SimSession session) => session.Core.Progress.Have?.Count ?? 0;

    private static void Hold(World world, SwarmFigures figures, FirstCopyWatch firstCopy, double mostWaste, double mostCopies)
    {
        world.Require(figures.WastedShare <= mostWaste, $"{figures.WastedShare:0.0%} of the payload came twice.");
        world.Require(firstCopy.Copies <= mostCopies, $"The seeder had given {firstCopy.Copies:0.00} copies when all pieces were out.");
    }
}
