using System.Text.RegularExpressions;

namespace CcBt.Core.Tests.Architecture;

/// <summary>The style rules that can be read off one source file.</summary>
internal sealed partial class TidyChecker
{
    public const int LongFile = 600;
    public const int LongMember = 70;

    private readonly string _path;
    private readonly string _source;
    private readonly string _blanked;
    private readonly SourceOutline _outline;
    private readonly List<TidyViolation> _violations = [];

    private TidyChecker(string path, string source)
    {
        _path = path;
        _source = source;
        _blanked = SourceBlanker.Blank(source);
        _outline = new SourceOutline(_blanked);
        Lines = source.TrimEnd('\n').Split('\n').Length;
    }

    public int Lines { get; }

    public IReadOnlyList<SourceMember> Members => _outline.Members;

    public IReadOnlyList<TidyViolation> Violations => _violations;

    /// <param name="path">The path from the repository's root, with forward slashes.</param>
    /// <param name="source">The text of the file.</param>
    /// <param name="expectedNamespace">The namespace that the folder gives; null where any will do.</param>
    public static TidyChecker Check(string path, string source, string? expectedNamespace)
    {
        var checker = new TidyChecker(path, source);
        checker.CheckNames(expectedNamespace);
        checker.CheckSizes();
        checker.CheckPatterns();
        checker.CheckCatches();
        return checker;
    }

    private void CheckNames(string? expectedNamespace)
    {
        string file = Path.GetFileNameWithoutExtension(_path);
        string[] types = [.. _outline.TopLevelTypes.Distinct()];
        if (types.Length > 1)
            Report("one-type", types.Length, $"holds {string.Join(", ", types)}; one top-level type a file");
        if (types.Length == 1 && file != types[0] && !file.StartsWith(types[0] + ".", StringComparison.Ordinal))
            Report("file-name", 1, $"holds {types[0]}; name the file after it");
        if (types.Length > 0 && expectedNamespace is not null && _outline.Namespace != expectedNamespace)
            Report("namespace", 1, $"is in {_outline.Namespace}; the folder says {expectedNamespace}");
        foreach (string name in types.Concat(_path.Split('/')[..^1]).Where(n => ForbiddenName().IsMatch(n)))
            Report("vague-name", 1, $"'{name}' says nothing of a duty");
    }

    private void CheckSizes()
    {
        if (Lines > LongFile)
            Report("file-lines", Lines, $"a file has at most {LongFile} lines");
        foreach (SourceMember member in _outline.Members.Where(m => m.Lines > LongMember))
            _violations.Add(new TidyViolation("member-lines", $"{_path}:{member.Name}", member.Lines, $"line {member.FirstLine}: a member has at most {LongMember} lines"));
    }

    private void CheckPatterns()
    {
        Find(AsyncVoid(), "async-void", "an exception in it ends the process; return Task");
        Find(WallClock(), "wall-clock", "take the time as an argument, or a TimeProvider at the edge");
        Find(SharedRandom(), "own-random", "take a System.Random as an argument");
        if (_path.StartsWith("tests/CcBt.Core.Tests/", StringComparison.Ordinal))
            Find(Sleeping(), "sleeping-test", "a unit test waits for an event or uses virtual time");
    }

    private void CheckCatches()
    {
        foreach (Match match in Catch().Matches(_blanked))
        {
            string type = match.Groups["type"].Value;
            bool catchesAll = type.Length == 0 || type is "Exception" or "System.Exception";
            if (!catchesAll || match.Groups["when"].Success)
                continue;
            (int start, int end) = Block(match.Index + match.Length);
            string block = _blanked[start..end];
            string name = match.Groups["name"].Value;
            bool isPassedOn = name.Length > 0 && Regex.IsMatch(block, $@"\b{name}\b") || Regex.IsMatch(block, @"\bthrow\b");
            bool hasReason = type.Length > 0 && _source[start..end].Contains("//", StringComparison.Ordinal);
            if (!isPassedOn && !hasReason)
                Report("bare-catch", 1, $"line {LineOf(match.Index)}: catch the exceptions that are meant, filter, pass the exception on, or say inside why all are swallowed");
        }
    }

    private (int Start, int End) Block(int position)
    {
        int start = _blanked.IndexOf('{', position), depth = 0;
        for (int i = start; i >= 0 && i < _blanked.Length; i++)
        {
            depth += _blanked[i] == '{' ? 1 : _blanked[i] == '}' ? -1 : 0;
            if (depth == 0)
                return (start, i);
        }
        return (0, 0);
    }

    private void Find(Regex pattern, string rule, string message)
    {
        MatchCollection matches = pattern.Matches(_blanked);
        if (matches.Count > 0)
            Report(rule, matches.Count, $"line {LineOf(matches[0].Index)}: {message}");
    }

    private int LineOf(int position) => 1 + _blanked.AsSpan(0, position).Count('\n');

    private void Report(string rule, int measure, string message) => _violations.Add(new TidyViolation(rule, _path, measure, message));

    [GeneratedRegex(@"(?:Utils?|Helpers?|Managers?|Common)$")]
    private static partial Regex ForbiddenName();

    [GeneratedRegex(@"\basync\s+void\b")]
    private static partial Regex AsyncVoid();

    [GeneratedRegex(@"\bDateTime(?:Offset)?\.(?:Now|UtcNow|Today)\b")]
    private static partial Regex WallClock();

    [GeneratedRegex(@"\bRandom\.Shared\b|\bnew\s+(?:System\.)?Random\s*\(\s*\)")]
    private static partial Regex SharedRandom();

    // A delay with a second argument waits on a time provider, or for a token.
    [GeneratedRegex(@"\bTask\.Delay\((?:[^(),]|\([^()]*\))*\)|\bThread\.Sleep\b")]
    private static partial Regex Sleeping();

    [GeneratedRegex(@"\bcatch\b\s*(?:\(\s*(?<type>[\w.]+)\s*(?<name>\w+)?\s*\))?\s*(?<when>when\b)?")]
    private static partial Regex Catch();
}
