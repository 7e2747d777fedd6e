using System.Text;

namespace CcBt.Core.Fuzz.Generation;

/// <summary>Repeats a part of an input until it is large; numbers in the part count on, so that the copies differ.</summary>
internal static class Repetition
{
    public static void Apply(List<byte> bytes, int most, Random random)
    {
        if (bytes.Count == 0)
            return;
        int at = random.Next(bytes.Count), length = random.Next(1, Math.Min(64, bytes.Count - at) + 1);
        byte[] part = bytes.GetRange(at, length).ToArray();
        bool counts = random.Chance(50);
        int step = random.Next(1, 3);
        var copies = new List<byte>(most);
        for (int i = 0; bytes.Count + copies.Count + length < most; i++)
            copies.AddRange(counts ? Count(part, i * step) : part);
        bytes.InsertRange(at, copies);
    }

    /// <summary>The last digits of the part, replaced by a number of five digits.</summary>
    private static byte[] Count(byte[] part, int number)
    {
        int end = Array.FindLastIndex(part, static b => char.IsAsciiDigit((char)b)) + 1;
        if (end == 0)
            return part;
        int start = end;
        while (start > 0 && char.IsAsciiDigit((char)part[start - 1]))
            start--;
        return [.. part[..start], .. Encoding.ASCII.GetBytes($"{10_000 + number}"), .. part[end..]];
    }
}
