using System.Text;
using CcBt.Core.Addressing;

namespace CcBt.Core.Fuzz.Generation;

/// <summary>What generators draw: values that are common, and values at edges.</summary>
internal static class Draw
{
    private static readonly long[] s_edges =
    [
        0, 1, -1, 2, 127, 128, 255, 256, 16383, 16384, 16385, 32767, 32768, 65535, 65536, 1 << 20, (1 << 24) + 1,
        int.MaxValue, int.MinValue, uint.MaxValue, (long)uint.MaxValue + 1, 1L << 48, (1L << 48) + 1, long.MaxValue, long.MinValue, long.MaxValue - 1,
    ];

    private static readonly string[] s_names =
    [
        "a", "readme.txt", "data.bin", "A", "..", ".", "con", "COM1.txt", "nul ", "x.", "ünïcode", "日本語.mkv", "\u202Egnp.exe", "a/b", "a\\b", "C:", "~",
        " lead", "\u00AD", "e\u0301", "very long name that is not short at all.tar.gz", "\U0001F600", "file.1", "file",
    ];

    public static bool Chance(this Random random, int percent) => random.Next(100) < percent;

    public static T Pick<T>(this Random random, IReadOnlyList<T> values) => values[random.Next(values.Count)];

    public static byte[] Bytes(this Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    public static long Edge(this Random random) => random.Chance(70) ? random.Pick(s_edges) : random.NextInt64(long.MinValue, long.MaxValue);

    /// <summary>A number from 0 up, small more often than large.</summary>
    public static long Size(this Random random, long most) => random.NextInt64(0, 1L << random.Next(1, 63)) % (most + 1);

    public static string Name(this Random random)
        => random.Chance(50) ? random.Pick(s_names) : $"{(char)('a' + random.Next(26))}{random.Next(1000)}{(random.Chance(50) ? ".dat" : "")}";

    public static string Word(this Random random)
    {
        var text = new StringBuilder();
        for (int i = random.Next(1, 12); i > 0; i--)
            text.Append((char)('a' + random.Next(26)));
        return text.ToString();
    }

    public static PeerAddress V4(this Random random)
    {
        uint bits = random.Next(5) switch
        {
            0 => 0x7F000001 + (uint)random.Next(200),
            1 => 0x0A000000 + (uint)random.Next(1 << 20),
            _ => (uint)random.NextInt64(1L << 32),
        };
        return PeerAddress.FromV4(bits, (ushort)random.Next(1, 65536));
    }

    public static PeerAddress V6(this Random random)
    {
        byte[] bytes = random.Bytes(16);
        bytes[0] = 0x20;
        return PeerAddress.FromBytes(bytes, (ushort)random.Next(1, 65536));
    }

    /// <summary>An address that nobody may call local.</summary>
    public static PeerAddress Global(this Random random) => PeerAddress.FromV4(0x50000000 + (uint)random.Next(1 << 26), (ushort)random.Next(1024, 65536));

    public static InfoHash Hash(this Random random) => new(random.Bytes(InfoHash.Length));

    public static string Url(this Random random) => random.Next(6) switch
    {
        0 => $"http://{random.Word()}.example/announce",
        1 => $"https://{random.Word()}.example:{random.Next(1, 65536)}/{random.Word()}/announce?x={random.Next(100)}",
        2 => $"udp://{random.V4().ToIPAddress()}:{random.Next(1, 65536)}",
        3 => $"http://[{random.V6().ToIPAddress()}]:{random.Next(1, 65536)}/announce.php",
        4 => $"udp://{random.Word()}.example:{random.Next(1, 65536)}/{random.Word()}",
        _ => $"http://{random.Word()}@{random.Word()}.example/{random.Word()}",
    };
}
