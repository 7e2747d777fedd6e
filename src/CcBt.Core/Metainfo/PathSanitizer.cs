using System.Text;
using System.Text.Unicode;

namespace CcBt.Core.Metainfo;

/// <summary>
/// Turns one element of a path from outside into a name that every common file system takes and shows as it is:
/// the only door from foreign names to names on disk. Sanitizing a sanitized name changes nothing.
/// </summary>
internal static class PathSanitizer
{
    private const char Substitute = '_';

    /// <summary>Sanitizes raw bytes. Sequences that are not UTF-8, overlong forms among them, become U+FFFD.</summary>
    public static string Element(ReadOnlySpan<byte> utf8)
    {
        // The decoder of Encoding allocates for each byte that is wrong.
        var name = new char[utf8.Length];
        Utf8.ToUtf16(utf8, name, out _, out int length);
        return Element(name.AsSpan(0, length));
    }

    /// <summary>Sanitizes a name. The result is never empty, <c>.</c> or <c>..</c>, and holds no separator.</summary>
    public static string Element(ReadOnlySpan<char> name)
    {
        string result = Shorten(TrimEnd(Filter(name)), Limits.PathElementBytes);
        if (ReservedNames.IsReserved(result))
            result = Shorten(Substitute + result, Limits.PathElementBytes);
        return result.Length == 0 ? Substitute.ToString() : result;
    }

    /// <summary>
    /// Shortens a name to at most <paramref name="maxBytes"/> UTF-8 bytes; its extension stays. UTF-8 never takes fewer bytes
    /// than UTF-16 takes units, so both bounds hold.
    /// </summary>
    public static string Shorten(string name, int maxBytes)
    {
        if (Encoding.UTF8.GetByteCount(name) <= maxBytes)
            return name;
        int dot = ExtensionStart(name);
        string extension = name[dot..];
        return TrimEnd(Cut(name.AsSpan(0, dot), maxBytes - Encoding.UTF8.GetByteCount(extension)) + extension);
    }

    /// <summary>Where the extension with its dot begins; the length of the name when it has none.</summary>
    public static int ExtensionStart(string name)
    {
        int dot = name.LastIndexOf('.');
        return dot > 0 && Encoding.UTF8.GetByteCount(name.AsSpan(dot)) <= Limits.PathExtensionBytes ? dot : name.Length;
    }

    private static string Filter(ReadOnlySpan<char> name)
    {
        var result = new StringBuilder(name.Length);
        Span<char> units = stackalloc char[2];
        foreach (Rune rune in name.EnumerateRunes())
        {
            if (IsInvisible(rune.Value))
                continue;
            if (IsForbidden(rune.Value))
                result.Append(Substitute);
            else
                result.Append(units[..rune.EncodeToUtf16(units)]);
        }
        return result.ToString();
    }

    private static bool IsForbidden(int c)
        => c < 0x20 || c is >= 0x7F and <= 0x9F || c is '/' or '\\' or '?' or '<' or '>' or '"' or '|' or '*' or ':';

    /// <summary>Characters that reorder or hide text, so that a name looks like another one.</summary>
    private static bool IsInvisible(int c)
        => c is 0x061C or 0xFEFF || c is >= 0x200B and <= 0x200F || c is >= 0x202A and <= 0x202E
            || c is >= 0x2060 and <= 0x2064 || c is >= 0x2066 and <= 0x2069;

    /// <summary>Windows drops dots and spaces at the end, so such names would collide or dodge the list of reserved ones.</summary>
    private static string TrimEnd(string name) => name.TrimEnd('.', ' ');

    private static string Cut(ReadOnlySpan<char> text, int maxBytes)
    {
        int bytes = 0, length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
                break;
            length += rune.Utf16SequenceLength;
        }
        return text[..length].ToString();
    }
}
