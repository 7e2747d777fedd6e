using System.Globalization;

namespace CcBt.Cli;

/// <summary>Sizes and rates as people write them: 500, 64K, 2M, 1G (powers of 1024).</summary>
internal static class Sizes
{
    public static long Parse(string text, string option)
    {
        string digits = text.TrimEnd('k', 'K', 'm', 'M', 'g', 'G');
        long unit = text.Length == digits.Length ? 1 : char.ToUpperInvariant(text[^1]) switch { 'K' => 1L << 10, 'M' => 1L << 20, _ => 1L << 30 };
        if (text.Length - digits.Length > 1 || !double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) || value * unit > long.MaxValue / 2)
            throw new UsageException($"{option}: '{text}' is not a size. Write a number of bytes, or one with K, M or G behind it.");
        return (long)(value * unit);
    }

    public static string Show(long bytes) => bytes switch
    {
        < 1 << 10 => $"{bytes} B",
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.00} GiB"),
    };
}
