using CcBt.Core.Mutation.Mutants;
using CcBt.Core.Mutation.Running;

namespace CcBt.Core.Mutation;

/// <summary>What became of a room's mutants.</summary>
internal sealed record RoomResult(Room Room, int Of, IReadOnlyList<(Mutant Mutant, Outcome Outcome)> Outcomes, int Explained, TimeSpan Time)
{
    public int Survived => Count(Outcome.Survived) + Count(Outcome.Unreached);

    public int Killed => Outcomes.Count - Survived;

    public double Percent => Outcomes.Count == 0 ? 100 : 100.0 * Killed / Outcomes.Count;

    public string Row =>
        $"{Room.Name,-10} {Of,6} {Outcomes.Count,7} {Killed,7} {Count(Outcome.Hung) + Count(Outcome.Crashed),6} {Survived,9} {Count(Outcome.Unreached),10} {Explained,10} {Percent,7:F1} % {Time.TotalSeconds,6:F0} s";

    public static string Header => $"{"room",-10} {"all",6} {"mutants",7} {"killed",7} {"(hung)",6} {"survived",9} {"(no test)",10} {"explained",10} {"killed",9} {"time",8}";

    private int Count(Outcome outcome) => Outcomes.Count(o => o.Outcome == outcome);
}
