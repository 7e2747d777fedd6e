using System.Text.RegularExpressions;

namespace CcBt.Core.Mutation.Bounds;

/// <summary>docs/bounds.md: the constants that a row names, and the tests that are to show them.</summary>
internal sealed partial class BoundPage
{
    private readonly Dictionary<string, HashSet<string>> _tests = new(StringComparer.Ordinal);

    public BoundPage(string markdown)
    {
        foreach (string row in markdown.Split('\n').Where(line => line.StartsWith('|')))
        {
            foreach (string constant in Constant().Matches(row).Select(match => match.Groups[1].Value))
            {
                if (!_tests.TryGetValue(constant, out HashSet<string>? tests))
                    _tests[constant] = tests = new HashSet<string>(StringComparer.Ordinal);
                tests.UnionWith(Test().Matches(row).Select(match => match.Groups[1].Value));
            }
        }
    }

    public IEnumerable<string> Constants => _tests.Keys;

    /// <summary>As class and method, without the namespace.</summary>
    public IReadOnlySet<string> TestsOf(string constant) => _tests[constant];

    [GeneratedRegex(@"`Limits\.(\w+)`")]
    private static partial Regex Constant();

    [GeneratedRegex(@"`(\w+Tests\.\w+)`")]
    private static partial Regex Test();
}
