using System.Globalization;

namespace CcBt.Core.Faults.Stories;

/// <summary>What the command line asks of a story.</summary>
/// <param name="Name">The story; null for all that CI runs.</param>
/// <param name="Count">How much of it; 0 for what CI runs.</param>
/// <param name="Seed">Where its random choices begin.</param>
internal sealed record RunOptions(string? Name, int Count, int Seed)
{
    public IReadOnlyList<string> ToArguments()
        => [.. Name is null ? Array.Empty<string>() : [Name], "--count", Count.ToString(CultureInfo.InvariantCulture), "--seed", Seed.ToString(CultureInfo.InvariantCulture)];

    public static bool TryParse(string[] arguments, out RunOptions options)
    {
        options = new RunOptions(null, 0, 1);
        for (int i = 0; i < arguments.Length; i++)
        {
            int value = 0;
            bool hasNumber = i + 1 < arguments.Length && int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out value);
            switch (arguments[i])
            {
                case "--count" when hasNumber:
                    options = options with { Count = value };
                    i++;
                    break;
                case "--seed" when hasNumber:
                    options = options with { Seed = value };
                    i++;
                    break;
                case { } name when options.Name is null && !name.StartsWith('-'):
                    options = options with { Name = name };
                    break;
                default:
                    return false;
            }
        }
        return true;
    }
}
