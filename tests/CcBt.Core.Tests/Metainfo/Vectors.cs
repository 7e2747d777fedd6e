namespace CcBt.Core.Tests.Metainfo;

/// <summary>
/// Torrents in Data, made by libtorrent 2.0.8 of the content below: "album" is a directory with four files and pieces of 32 KiB, "single" a file
/// with pieces of 16 KiB, each as version 1, version 2 and hybrid.
/// </summary>
internal static class Vectors
{
    public static byte[] Read(string name)
    {
        using Stream stream = typeof(Vectors).Assembly.GetManifestResourceStream(name + ".torrent")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>What the torrents were made of, by the end of the file's path.</summary>
    public static byte[] Content(string path) => path.Split('/')[^1] switch
    {
        "one.bin" => Pattern(70_000, 7),
        "two.bin" => Pattern(16_384, 11),
        "notes.txt" => [.. "hello"u8],
        "single.bin" => Pattern(150_001, 13),
        _ => [],
    };

    private static byte[] Pattern(int length, int factor) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * factor + (i >> 8)))];
}
