using CcBt.Core.Mutation.Mutants;

namespace CcBt.Core.Mutation;

/// <summary>The survivors that somebody has looked at, from the tables of survivors.md: file, kind, source line, why.</summary>
internal sealed class Explanations
{
    private readonly HashSet<(string File, string Kind, string Source)> _known = [];

    public Explanations(string markdown)
    {
        foreach (string line in markdown.Split('\n').Where(l => l.StartsWith('|')))
        {
            string[] cells = [.. line.Replace("\\|", "\0", StringComparison.Ordinal).Split('|').Select(c => c.Replace('\0', '|').Trim().Trim('`'))];
            if (cells.Length >= 6 && cells[4].Length > 0)
            {
                foreach (string kind in cells[2].Split(", "))
                    _known.Add((cells[1], kind, cells[3]));
            }
        }
    }

    public bool Has(Mutant mutant) => _known.Contains((mutant.File, mutant.Kind.ToString(), mutant.Source));
}
