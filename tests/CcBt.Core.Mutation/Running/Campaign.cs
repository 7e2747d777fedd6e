using CcBt.Core.Mutation.Mutants;

namespace CcBt.Core.Mutation.Running;

/// <summary>Runs the chosen mutants of one room and says what became of each.</summary>
internal sealed class Campaign(WorkerProcess worker, Coverage coverage)
{
    // The worker process ends by itself long before, unless it can not even do that.
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    /// <summary>Mutants spread evenly over the room; the seed says where the first one lies.</summary>
    public static IReadOnlyList<Mutant> Choose(IReadOnlyList<Mutant> all, int count, int seed)
    {
        if (count >= all.Count)
            return all;
        double step = (double)all.Count / count, first = new Random(seed).NextDouble() * step;
        return [.. Enumerable.Range(0, count).Select(i => all[(int)(first + i * step)])];
    }

    public Outcome Try(Mutant mutant)
    {
        IReadOnlyList<int> tests = coverage.TestsOf(mutant.Site);
        if (tests.Count == 0)
            return Outcome.Unreached;
        string command = $"run {mutant.Id} {string.Join(',', tests.Select(t => $"{t}:{(int)coverage.TimeOf(t).TotalMilliseconds}"))}";
        string? answer = worker.Ask(command, s_limit);
        if (answer == "spoiled")
        {
            // An earlier mutant left something behind: a new process decides.
            worker.Dispose();
            answer = worker.Ask(command, s_limit);
        }
        return answer?.Split(' ')[0] switch
        {
            null => Outcome.Crashed,
            "survived" => Outcome.Survived,
            "hung" => Outcome.Hung,
            "killed" or "spoiled" => Outcome.Killed,
            _ => throw new InvalidOperationException($"The worker process answered '{answer}'."),
        };
    }
}
