namespace CcBt.Core;

/// <summary>The textual forms of hashes: hexadecimal, and base32 as old magnet links carry it (BEP 9).</summary>
internal static class HashText
{
    private const string Base32Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static bool TryDecodeHex(ReadOnlySpan<char> text, Span<byte> destination)
    {
        if (text.Length != 2 * destination.Length)
            return false;
        for (int i = 0; i < destination.Length; i++)
        {
            int high = HexDigit(text[2 * i]);
            int low = HexDigit(text[2 * i + 1]);
            if (high < 0 || low < 0)
                return false;
            destination[i] = (byte)(high << 4 | low);
        }
        return true;
    }

    public static bool TryDecodeBase32(ReadOnlySpan<char> text, Span<byte> destination)
    {
        if (text.Length * 5 != destination.Length * 8)
            return false;
        int buffer = 0, bits = 0, next = 0;
        foreach (char c in text)
        {
            // Other scripts have letters whose capital is an ASCII one.
            int digit = char.IsAscii(c) ? Base32Alphabet.IndexOf(char.ToUpperInvariant(c), StringComparison.Ordinal) : -1;
            if (digit < 0)
                return false;
            buffer = (buffer << 5 | digit) & 0xFFFF;
            bits += 5;
            if (bits < 8)
                continue;
            bits -= 8;
            destination[next++] = (byte)(buffer >> bits);
        }
        return true;
    }

    private static int HexDigit(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'f' => c - 'a' + 10,
        >= 'A' and <= 'F' => c - 'A' + 10,
        _ => -1,
    };
}
