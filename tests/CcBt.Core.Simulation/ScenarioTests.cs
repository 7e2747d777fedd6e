using CcBt.Core.Simulation.Scenarios;
using Xunit;
using Xunit.Abstractions;

namespace CcBt.Core.Simulation;

public sealed class ScenarioTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. ScenarioList.All.Where(s => s.CiRuns > 0).Select(s => s.Name)];

    /// <summary>Those of which CI can afford a few runs more.</summary>
    public static TheoryData<string> CheapNames => [.. ScenarioList.All.Where(s => s.CiRuns > 2).Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_seed_ends_well(string name)
    {
        Scenario scenario = ScenarioList.Find(name)!;
        RunResult[] results = [.. Enumerable.Range(1, scenario.CiRuns).Select(scenario.Run)];
        foreach (RunResult result in results)
            output.WriteLine(result.ToString());
        Assert.True(results.All(r => r.IsGood), string.Join('\n', results.Where(r => !r.IsGood)));
    }

    [Theory]
    [MemberData(nameof(CheapNames))]
    public void The_same_seed_gives_the_same_events(string name)
    {
        Scenario scenario = ScenarioList.Find(name)!;
        Assert.Equal(scenario.Run(7).ToString(), scenario.Run(7).ToString());
        Assert.NotEqual(scenario.Run(7).Hash, scenario.Run(8).Hash);
    }

    [Fact]
    public void Ci_plays_at_least_300_runs() => Assert.True(ScenarioList.All.Sum(s => s.CiRuns) >= 300);
}
