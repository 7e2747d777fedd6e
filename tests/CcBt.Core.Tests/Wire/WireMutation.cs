namespace CcBt.Core.Tests.Wire;

/// <summary>Breaks bytes in a few places: flips, overwrites, cuts and repeats.</summary>
internal static class WireMutation
{
    public static byte[] Of(byte[] source, Random random)
    {
        List<byte> bytes = [.. source];
        for (int i = random.Next(1, 5); i > 0 && bytes.Count > 4; i--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 20), bytes.Count - at)));
                    break;
            }
        }
        return [.. bytes];
    }
}
