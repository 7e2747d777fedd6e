using System.Globalization;
using System.Text.RegularExpressions;

namespace CcBt.Core.Mutation.Bounds;

/// <summary>
/// Marks the constants of <c>Limits</c> in a copy of the sources: each grows by a mark of its own. The compiler puts constants into the code
/// that uses them; where the code built from the marked copy differs from the real one, the difference says whose constant it was.
/// </summary>
internal sealed partial class MarkedSources
{
    // A mark is a prime times this, so that it can still be told when the code uses half or an eighth of a constant.
    private const int Fraction = 8;

    // Large enough to be no factor of the lengths that constants are multiplied with, small enough for their products.
    private const int LeastPrime = 1_009;

    private readonly Dictionary<string, int> _primes = [];
    private readonly Dictionary<string, string> _originals = [];

    /// <summary>Rewrites the files Limits*.cs of a folder. Constants that are computed from others need no mark of their own; one that is another gets one beside that.</summary>
    public static MarkedSources Mark(string folder)
    {
        var marked = new MarkedSources();
        foreach (string path in Directory.GetFiles(folder, "Limits*.cs").Order(StringComparer.Ordinal))
            File.WriteAllText(path, Constant().Replace(File.ReadAllText(path), marked.Mark));
        return marked;
    }

    /// <summary>Whose mark a difference is, and how many of it. Of the difference of two constants both are owners, the second in the other direction; none when it is nobody's.</summary>
    /// <param name="difference">By how much the number in the code grew.</param>
    /// <param name="value">The number in the real code.</param>
    /// <param name="values">The values of all constants.</param>
    public IReadOnlyList<(string Name, double PerUnit)> Owners(long difference, long value, IReadOnlyDictionary<string, long> values)
    {
        foreach ((string name, string original) in _originals)
        {
            if (difference == Fraction * (long)(_primes[name] + _primes[original]))
                return [(name, 1)];
        }
        KeyValuePair<string, int>[] owners = [.. _primes.Where(mark => difference % mark.Value == 0)];
        if (owners is [(string single, int prime)])
            return [(single, (double)(difference / prime) / Fraction)];
        (string Name, double PerUnit)[][] pairs =
        [
            .. from left in _primes
               from right in _primes
               where difference == Fraction * (long)(left.Value - right.Value) && value == values[left.Key] - values[right.Key]
               select ((string, double)[])[(left.Key, 1), (right.Key, -1)],
        ];
        return pairs is [var pair] ? pair : [];
    }

    private string Mark(Match constant)
    {
        string name = constant.Groups[2].Value, value = constant.Groups[3].Value;
        if (Reference().Match(value) is { Success: true } reference)
        {
            if (reference.Length != value.Length)
                return constant.Value;
            _originals.Add(name, value);
        }
        int prime = NextPrime(_primes.Count == 0 ? LeastPrime : _primes.Values.Max() + 1);
        _primes.Add(name, prime);
        return string.Create(CultureInfo.InvariantCulture, $"{constant.Groups[1].Value}{name} = ({value}) + {Fraction * prime};");
    }

    private static int NextPrime(int from)
    {
        while (Enumerable.Range(2, (int)Math.Sqrt(from)).Any(divisor => from % divisor == 0))
            from++;
        return from;
    }

    [GeneratedRegex(@"(public const (?:int|long) )(\w+) = ([^;]+);")]
    private static partial Regex Constant();

    [GeneratedRegex(@"[A-Za-z_]{2,}")]
    private static partial Regex Reference();
}
