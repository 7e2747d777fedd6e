using System.Buffers.Binary;

namespace CcBt.Core.Fuzz.Generation;

/// <summary>Mutations that need no knowledge of the format.</summary>
internal static class ByteMutations
{
    private static ReadOnlySpan<byte> EdgeBytes => [0, 1, 0x7F, 0x80, 0xFF, (byte)'0', (byte)'9', (byte)'e', (byte)':', (byte)'-', (byte)'%', (byte)'/', (byte)'\n'];

    public static void Apply(List<byte> bytes, IReadOnlyList<byte[]> others, Random random)
    {
        if (bytes.Count == 0)
        {
            bytes.Add((byte)random.Next(256));
            return;
        }
        int at = random.Next(bytes.Count);
        switch (random.Next(9))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = EdgeBytes[random.Next(EdgeBytes.Length)];
                break;
            case 2:
                bytes[at] = (byte)random.Next(256);
                break;
            case 3:
                bytes.RemoveRange(at, random.Next(bytes.Count - at + 1));
                break;
            case 4:
                bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at));
                break;
            case 5:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)));
                break;
            case 6 when others.Count > 0:
                Splice(bytes, at, random.Pick(others), random);
                break;
            case 7:
                WriteNumber(bytes, at, random);
                break;
            default:
                bytes.InsertRange(at, random.Bytes(random.Next(1, 5)));
                break;
        }
    }

    private static void Splice(List<byte> bytes, int at, byte[] other, Random random)
    {
        if (other.Length == 0)
            return;
        int from = random.Next(other.Length), length = random.Next(1, other.Length - from + 1);
        if (random.Chance(50))
            bytes.RemoveRange(at, Math.Min(length, bytes.Count - at));
        bytes.InsertRange(at, other.AsSpan(from, length).ToArray());
    }

    /// <summary>A field of 2 or 4 bytes lies, mostly by little or by as much as it can.</summary>
    private static void WriteNumber(List<byte> bytes, int at, Random random)
    {
        Span<byte> field = stackalloc byte[random.Chance(50) ? 2 : 4];
        if (field.Length == 2)
            BinaryPrimitives.WriteUInt16BigEndian(field, (ushort)random.Edge());
        else
            BinaryPrimitives.WriteUInt32BigEndian(field, (uint)random.Edge());
        for (int i = 0; i < field.Length && at + i < bytes.Count; i++)
            bytes[at + i] = field[i];
    }
}
