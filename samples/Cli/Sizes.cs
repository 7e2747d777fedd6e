using System.Globalization;

namespace CcBt.Cli;

/// <summary>Sizes and rates as people write them: 500, 64K, 2M, 1G (powers of 1024).</summary>
internal static class Sizes
{
    public static long Parse(string text, string option)
    {
        int exponent = text.Length == 0 ? -1 : "KMG".IndexOf(char.ToUpperInvariant(text[^1]), StringComparison.Ordinal);
        ReadOnlySpan<char> digits = exponent < 0 ? text : text.AsSpan(0, text.Length - 1);
        bool isNumber = decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value) && value <= long.MaxValue >> 31;
        long bytes = isNumber ? (long)(value * (1L << (10 * (exponent + 1)))) : 0;
        if (!isNumber || (bytes == 0 && value > 0))
            throw new UsageException($"{option}: '{text}' is not a number of bytes. Write one such as 500000, 512K, 1.5M or 1G.");
        return bytes;
    }

    public static string Show(long bytes) => bytes switch
    {
        < 1 << 10 => $"{bytes} B",
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.00} GiB"),
    };
}
