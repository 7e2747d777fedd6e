using System.Diagnostics;
using CcBt.Core.Simulation.Clients;
using CcBt.Core.Simulation.Scenarios;

namespace CcBt.Core.Simulation;

/// <summary>Runs scenarios from the command line: <c>list</c>, or <c>run [--scenario NAME] [--seeds N] [--first-seed S] [--steps N] [--trace]</c>.</summary>
internal static class Program
{
    private const string Usage = "usage: list | run [--scenario NAME] [--seeds N] [--first-seed S] [--steps N] [--trace]";

    public static int Main(string[] arguments)
    {
        // A broken assertion is a failed run, not the end of the program.
        Trace.Listeners.Clear();
        Trace.Listeners.Add(new ThrowingListener());
        switch (arguments)
        {
            case ["list"]:
                foreach (Scenario scenario in ScenarioList.All)
                    Console.WriteLine($"{scenario.Name,-24} {scenario.CiRuns} runs in CI");
                return 0;
            case ["run", .. string[] rest]:
                return Run(rest);
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static int Run(string[] rest)
    {
        string? name = null;
        int seeds = 1, first = 1, steps = 0;
        for (int i = 0; i < rest.Length; i++)
        {
            string? value = i + 1 < rest.Length ? rest[i + 1] : null;
            switch (rest[i])
            {
                case "--scenario" when value is not null:
                    name = value;
                    i++;
                    break;
                case "--seeds" when int.TryParse(value, out seeds):
                case "--first-seed" when int.TryParse(value, out first):
                    i++;
                    break;
                case "--steps" when int.TryParse(value, out steps):
                    // For storms: as many runs as it takes, and only those told that fail.
                    seeds = (steps + SessionStorm.Commands - 1) / SessionStorm.Commands;
                    i++;
                    break;
                case "--trace":
                    SimLog.Trace = Console.WriteLine;
                    break;
                default:
                    Console.Error.WriteLine(Usage);
                    return 2;
            }
        }
        if (name is not null && ScenarioList.Find(name) is null)
        {
            Console.Error.WriteLine($"There is no scenario '{name}'; see list.");
            return 2;
        }
        bool isGood = true;
        var summaries = new List<string>();
        foreach (Scenario scenario in ScenarioList.All.Where(s => name is null ? s.CiRuns > 0 : s.Name == name))
        {
            var results = new List<RunResult>();
            for (int seed = first; seed < first + seeds; seed++)
            {
                RunResult result = scenario.Run(seed);
                isGood &= result.IsGood;
                results.Add(result);
                if (steps == 0 || !result.IsGood)
                    Console.WriteLine(result);
            }
            summaries.Add(Summary.Of(scenario.Name, results));
        }
        Console.WriteLine();
        summaries.ForEach(Console.WriteLine);
        return isGood ? 0 : 1;
    }
}
