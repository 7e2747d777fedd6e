using CcBt.Core.Simulation.Clients;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>What a swarm's run is judged by.</summary>
/// <param name="SeederCopies">The seeder's upload over the file's size; near 1 is ideal.</param>
/// <param name="Fairness">Jain's index over what each leecher uploaded to what it downloaded: 1 when all give alike.</param>
/// <param name="FirstSeconds">When the first leecher was complete.</param>
/// <param name="LastSeconds">When the last was.</param>
/// <param name="WastedShare">Useless payload over all payload that leechers received.</param>
internal sealed record SwarmFigures(double SeederCopies, double Fairness, double FirstSeconds, double LastSeconds, double WastedShare)
{
    public static SwarmFigures Of(SimSwarm swarm, SimSession? seeder, IReadOnlyList<SimSession> leechers)
    {
        double size = swarm.Content.Bytes.Length;
        double[] times = [.. leechers.Select(s => (s.CompletedAt ?? TimeSpan.Zero).TotalSeconds)];
        double[] given = [.. leechers.Select(UploadOf)];
        double sum = given.Sum(), squares = given.Sum(static g => g * g);
        return new SwarmFigures(
            seeder is null ? 0 : UploadOf(seeder) / size,
            squares == 0 ? 1 : sum * sum / (given.Length * squares),
            times.Min(), times.Max(),
            leechers.Sum(static s => (double)s.Core.Traffic.WastedBytes) / Math.Max(1, leechers.Sum(DownloadOf)));
    }

    public override string ToString()
        => $"seeder gave {SeederCopies:0.00} copies, Jain {Fairness:0.00}, complete in {FirstSeconds:0.0}-{LastSeconds:0.0} s, wasted {WastedShare:0.0%}";

    public static double UploadOf(SimSession session)
        => session.Core.Traffic.UploadedBytes;

    public static double DownloadOf(SimSession session) => session.Core.Traffic.DownloadedBytes;
}
