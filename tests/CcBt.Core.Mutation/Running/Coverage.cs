using System.Globalization;
using CcBt.Core.Mutation.Mutants;

namespace CcBt.Core.Mutation.Running;

/// <summary>Which tests of a room reach which site, and how long each takes without a mutant.</summary>
internal sealed class Coverage
{
    private readonly Dictionary<int, List<int>> _testsOfSite = [];
    private readonly Dictionary<int, long> _microseconds = [];

    public int Tests => _microseconds.Count;

    public TimeSpan Time => TimeSpan.FromMicroseconds(_microseconds.Values.Sum());

    /// <summary>Tests that take longer are left out; the tests of a mutant would take minutes.</summary>
    public static Coverage Measure(WorkerProcess worker, Room room, TimeSpan longest, TextWriter log)
    {
        var coverage = new Coverage();
        TimeSpan limit = TimeSpan.FromMinutes(3);
        for (string? line = worker.Ask($"cover {room.Name}", limit); line != "end"; line = worker.Next(limit))
        {
            string[] words = (line ?? throw new InvalidOperationException($"The tests of {room.Name} do not end without a mutant.")).Split(' ');
            if (words[0] == "broken")
                log.WriteLine($"{room.Name}: left out, fails without a mutant: {line[7..]}");
            else if (words[2].Length > 0)
                coverage.Add(Number(words[0]), long.Parse(words[1], CultureInfo.InvariantCulture), words[2].Split(','), longest);
        }
        foreach (List<int> tests in coverage._testsOfSite.Values)
            tests.Sort((a, b) => coverage._microseconds[a].CompareTo(coverage._microseconds[b]));
        return coverage;
    }

    /// <summary>The quick ones first.</summary>
    public IReadOnlyList<int> TestsOf(int site) => _testsOfSite.TryGetValue(site, out List<int>? tests) ? tests : [];

    public TimeSpan TimeOf(int test) => TimeSpan.FromMicroseconds(_microseconds[test]);

    private void Add(int test, long microseconds, string[] sites, TimeSpan longest)
    {
        if (TimeSpan.FromMicroseconds(microseconds) > longest)
            return;
        _microseconds[test] = microseconds;
        foreach (string site in sites)
        {
            if (!_testsOfSite.TryGetValue(Number(site), out List<int>? tests))
                _testsOfSite[Number(site)] = tests = [];
            tests.Add(test);
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
