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

    /// <summary>Rewrites the files Limits*.cs of a folder. Constants that are made of others need no mark of their own.</summary>
    public static MarkedSources Mark(string folder)
    {
        var marked = new MarkedSources();
        foreach (string path in Directory.GetFiles(folder, "Limits*.cs").Order(StringComparer.Ordinal))
            File.WriteAllText(path, Constant().Replace(File.ReadAllText(path), marked.Mark));
        return marked;
    }

    /// <summary>Whose mark a difference is, and how many of it; null when it is nobody's.</summary>
    public (string Name, double PerUnit)? Owner(long difference)
    {
        KeyValuePair<string, int>[] owners = [.. _primes.Where(mark => difference % mark.Value == 0)];
        return owners is [(string name, int prime)] ? (name, (double)(difference / prime) / Fraction) : null;
    }

    private string Mark(Match constant)
    {
        string name = constant.Groups[2].Value, value = constant.Groups[3].Value;
        if (Reference().IsMatch(value))
            return constant.Value;
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
