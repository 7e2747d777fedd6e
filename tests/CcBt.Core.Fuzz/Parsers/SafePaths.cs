using System.Text;

namespace CcBt.Core.Fuzz.Parsers;

/// <summary>What every path that the library makes must be, whatever a torrent says.</summary>
internal static class SafePaths
{
    public static void Check(IEnumerable<string> paths)
    {
        var files = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var directories = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string path in paths)
        {
            FuzzFailure.When(Encoding.UTF8.GetByteCount(path) > Limits.PathBytes, "A path is too long.");
            FuzzFailure.When(!files.Add(path), $"Two files are called '{path}'.");
            string[] elements = path.Split('/');
            foreach (string element in elements)
                CheckElement(element);
            for (int i = 1; i < elements.Length; i++)
                directories.Add(string.Join('/', elements[..i]));
        }
        FuzzFailure.When(files.Overlaps(directories), "A file has the name of a directory.");
    }

    public static void CheckElement(string element)
    {
        FuzzFailure.When(element is "" or "." or "..", $"'{element}' is no name.");
        FuzzFailure.When(element[^1] is '.' or ' ', $"'{element}' ends with what Windows cuts.");
        FuzzFailure.When(Encoding.UTF8.GetByteCount(element) > Limits.PathElementBytes, $"'{element}' is too long.");
        FuzzFailure.When(element.Any(c => char.IsControl(c) || "/\\:*?\"<>|\u202E\u200B\uFEFF".Contains(c)), $"'{element}' has a forbidden character.");
        FuzzFailure.When(element.EnumerateRunes().Any(r => r == Rune.ReplacementChar && !element.Contains('\uFFFD')), $"'{element}' has half a character.");
        string stem = element.Split('.')[0].TrimEnd(' ').ToUpperInvariant();
        bool isPort = stem.Length == 4 && (stem.StartsWith("COM", StringComparison.Ordinal) || stem.StartsWith("LPT", StringComparison.Ordinal)) && "0123456789¹²³".Contains(stem[3]);
        FuzzFailure.When(isPort || stem is "CON" or "PRN" or "AUX" or "NUL" or "CLOCK$" or "CONIN$" or "CONOUT$", $"'{element}' is a device of Windows.");
    }
}
