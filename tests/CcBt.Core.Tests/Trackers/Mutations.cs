namespace CcBt.Core.Tests.Trackers;

/// <summary>Damaged copies of valid input, the same ones for the same seed.</summary>
internal static class Mutations
{
    public static IEnumerable<byte[]> Of(byte[] valid, int count, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            byte[] copy = [.. valid];
            for (int change = random.Next(1, 6); change > 0 && copy.Length > 0; change--)
                copy = Change(copy, random);
            yield return copy;
        }
    }

    private static byte[] Change(byte[] bytes, Random random)
    {
        int at = random.Next(bytes.Length);
        switch (random.Next(5))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 2:
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 9))..]];
            case 3:
                return [.. bytes[..at], .. bytes[random.Next(bytes.Length)..]];
            default:
                byte[] extra = new byte[random.Next(1, 9)];
                random.NextBytes(extra);
                return [.. bytes[..at], .. extra, .. bytes[at..]];
        }
    }
}
