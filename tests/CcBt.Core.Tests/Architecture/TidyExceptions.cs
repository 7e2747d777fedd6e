using System.Globalization;

namespace CcBt.Core.Tests.Architecture;

/// <summary>
/// Today's exceptions from the tidy rules, one a line: rule, subject, greatest measure. The list can only shrink: an entry that
/// nothing needs any more, or that allows more than there is, is an error itself.
/// </summary>
internal sealed class TidyExceptions
{
    private readonly Dictionary<(string Rule, string Subject), int> _allowed = [];

    public TidyExceptions(string text)
    {
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith('#'))
                continue;
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            _allowed.Add((fields[0], fields[1]), int.Parse(fields[2], CultureInfo.InvariantCulture));
        }
    }

    /// <summary>What is left to complain about: new or grown violations, and stale entries.</summary>
    public IReadOnlyList<string> Judge(IEnumerable<TidyViolation> violations)
    {
        var complaints = new List<string>();
        var unused = new Dictionary<(string Rule, string Subject), int>(_allowed);
        foreach (TidyViolation violation in violations)
        {
            (string, string) key = (violation.Rule, violation.Subject);
            if (!_allowed.TryGetValue(key, out int limit) || violation.Measure > limit)
                complaints.Add(violation.ToString());
            if (violation.Measure >= limit)
                unused.Remove(key);
        }
        complaints.AddRange(unused.Select(e => $"stale exception: {e.Key.Rule} {e.Key.Subject} {e.Value} allows more than there is; remove or lower it"));
        return complaints;
    }
}
