namespace CcBt.Core.Metainfo;

/// <summary>The device names of Windows, which no file can have there, whatever its extension.</summary>
internal static class ReservedNames
{
    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", "CLOCK$", "CONIN$", "CONOUT$"];

    public static bool IsReserved(string name)
    {
        int dot = name.IndexOf('.');
        ReadOnlySpan<char> stem = (dot < 0 ? name : name.AsSpan(0, dot)).TrimEnd(' ');
        foreach (string device in Devices)
        {
            if (stem.Equals(device, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return stem.Length == 4 && IsPortDigit(stem[3])
            && (stem.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || stem.StartsWith("LPT", StringComparison.OrdinalIgnoreCase));
    }

    // Windows takes the superscript digits of Latin-1 for digits here.
    private static bool IsPortDigit(char c) => char.IsAsciiDigit(c) || c is '\u00B9' or '\u00B2' or '\u00B3';
}
