using System.Numerics;

namespace CcBt.Core.Addressing;

/// <summary>CRC32C, the checksum that BEP 40 and BEP 42 hash addresses with.</summary>
internal static class Castagnoli
{
    public static uint Checksum(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in data)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
