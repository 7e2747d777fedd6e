namespace CcBt.Core.Simulation.Scenarios;

/// <summary>How one run of a scenario ended.</summary>
internal sealed record RunResult(string Scenario, int Seed, ulong Hash, bool IsGood, string Outcome, long Steps, long Messages, TimeSpan Virtual)
{
    public override string ToString()
        => $"{Scenario,-24} seed {Seed,-5} hash {Hash:x16}  {(IsGood ? "ok  " : "FAIL")}  {Outcome} [{Messages} messages, {Virtual.TotalSeconds:0} s]";
}
