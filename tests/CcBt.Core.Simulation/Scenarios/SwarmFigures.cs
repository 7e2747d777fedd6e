using CcBt.Core.Simulation.Clients;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>What a swarm's run is judged by.</summary>
/// <param name="SeederCopies">The seeder's upload over the file's size; near 1 is ideal.</param>
/// <param name="Fairness">Jain's index over what each leecher uploaded: 1 when all give alike.</param>
/// <param name="Seconds">When each leecher was complete, in order.</param>
/// <param name="WastedShare">Useless payload over all payload that leechers received.</param>
internal sealed record SwarmFigures(double SeederCopies, double Fairness, double[] Seconds, double WastedShare)
{
    public static SwarmFigures Of(SimSwarm swarm, SimSession? seeder, IReadOnlyList<SimSession> leechers)
    {
        double[] given = [.. leechers.Select(UploadOf)];
        double sum = given.Sum(), squares = given.Sum(static g => g * g);
        return new SwarmFigures(
            seeder is null ? 0 : swarm.CopiesSentBy(seeder),
            squares == 0 ? 1 : sum * sum / (given.Length * squares),
            [.. leechers.Select(static s => (s.CompletedAt ?? TimeSpan.Zero).TotalSeconds).Order()],
            leechers.Sum(static s => (double)s.Core.Traffic.WastedBytes) / Math.Max(1, leechers.Sum(DownloadOf)));
    }

    public override string ToString()
        => $"{(SeederCopies > 0 ? $"seeder gave {SeederCopies:0.00} copies, " : "")}Jain {Fairness:0.00}, complete after {After(0.1):0.0}/{After(0.5):0.0}/{After(0.9):0.0}/{Seconds[^1]:0.0} s (10/50/90/100 %), wasted {WastedShare:0.0%}";

    public static double UploadOf(SimSession session) => session.Core.Traffic.UploadedBytes;

    public static double DownloadOf(SimSession session) => session.Core.Traffic.DownloadedBytes;

    private double After(double share) => Seconds[(int)Math.Min(share * Seconds.Length, Seconds.Length - 1)];
}
