using System.Globalization;
using System.Text.RegularExpressions;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>One line for all runs of a scenario: how many ended well, and their outcome with the median in the place of each figure.</summary>
internal static partial class Summary
{
    public static string Of(string scenario, IReadOnlyList<RunResult> results)
    {
        // Outcomes of one form differ in their figures alone; the commonest form speaks for the scenario.
        string[] outcomes = [.. results.Where(static r => r.IsGood).GroupBy(static r => Figure().Replace(r.Outcome, "#")).MaxBy(static g => g.Count())?.Select(static r => r.Outcome) ?? []];
        string medians = outcomes.Length == 0 ? "-" : Medians(outcomes);
        return $"{scenario,-24} {results.Count(static r => r.IsGood)} of {results.Count} runs ok, medians of {outcomes.Length}: {medians}";
    }

    private static string Medians(string[] outcomes)
    {
        string[][] figures = [.. outcomes.Select(static o => Figure().Matches(o).Select(static m => m.Value).ToArray())];
        int index = -1;
        return Figure().Replace(outcomes[0], match =>
        {
            index++;
            double[] values = [.. figures.Select(f => double.Parse(f[index], CultureInfo.InvariantCulture)).Order()];
            double median = (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
            int point = match.Value.IndexOf('.', StringComparison.Ordinal);
            return median.ToString(point < 0 ? "0" : $"F{match.Length - point - 1}", CultureInfo.InvariantCulture);
        });
    }

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Figure();
}
