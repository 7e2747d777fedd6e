using System.Diagnostics;
using CcBt.Core.Mutation.Mutants;
using CcBt.Core.Mutation.Running;

namespace CcBt.Core.Mutation;

/// <summary>Writes the changed library, tries the mutants of each room, and prints the table.</summary>
internal sealed class RunVerb(Options options, Explanations explanations, TextWriter output)
{
    /// <returns>Whether every room reached its share. Which mutants are chosen changes with the code, so that new survivors turn up; they are listed until they are explained.</returns>
    public bool Run(string library, string testFolder)
    {
        string folder = Directory.CreateTempSubdirectory("ccbt-mutation-").FullName;
        try
        {
            string changed = Path.Combine(folder, "CcBt.Core.dll");
            MutatedAssembly mutated;
            using (FileStream file = File.Create(changed))
                mutated = MutatedAssembly.Write(library, options.Rooms, file);
            if (!mutated.Mutants.Any(options.Takes))
                throw new ArgumentException($"No file of the rooms holds '{string.Join("' or '", options.Files)}' in its path.");
            using var worker = new WorkerProcess(testFolder, changed, mutated.Sites);
            RoomResult[] results = [.. options.Rooms.Select(room => Run(room, [.. mutated.Mutants.Where(m => m.Room == room.Name && options.Takes(m))], worker))];
            output.WriteLine();
            output.WriteLine(RoomResult.Header);
            foreach (RoomResult result in results)
                output.WriteLine(result.Row);
            return results.All(r => r.Percent >= options.Least);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private RoomResult Run(Room room, IReadOnlyList<Mutant> all, WorkerProcess worker)
    {
        long start = Stopwatch.GetTimestamp();
        Coverage coverage = Coverage.Measure(worker, room, options.LongestTest, output);
        var campaign = new Campaign(worker, coverage);
        output.WriteLine($"{room.Name}: {all.Count} mutants, {coverage.Tests} tests that reach them ({coverage.Time.TotalSeconds:F1} s)");
        var outcomes = new List<(Mutant, Outcome)>();
        int explained = 0;
        foreach (Mutant mutant in Campaign.Choose(all, options.Count, options.Seed))
        {
            Outcome outcome = campaign.Try(mutant);
            outcomes.Add((mutant, outcome));
            if (outcome is not (Outcome.Survived or Outcome.Unreached))
                continue;
            bool isExplained = explanations.Has(mutant);
            explained += isExplained ? 1 : 0;
            if (options.ListSurvivors && !isExplained)
                output.WriteLine($"{outcome} {mutant.File}:{mutant.Line} {mutant.Method} {mutant.Kind} | {mutant.Source}");
        }
        return new RoomResult(room, all.Count, outcomes, explained, Stopwatch.GetElapsedTime(start));
    }
}
