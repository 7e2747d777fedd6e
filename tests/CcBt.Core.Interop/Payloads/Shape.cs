namespace CcBt.Core.Interop.Payloads;

/// <summary>The forms that a torrent's content takes.</summary>
internal static class Shape
{
    private const int Kibibyte = 1 << 10;
    private const int Mebibyte = 1 << 20;

    /// <summary>Makes the content of a named form, and says which piece length goes with it.</summary>
    public static (Payload Payload, int PieceLength) Make(string form, string folder) => form switch
    {
        "one byte" => (Payload.SingleFile(folder, "byte", 1), 16 * Kibibyte),
        "one whole piece" => (Payload.SingleFile(folder, "piece.bin", 256 * Kibibyte), 256 * Kibibyte),
        "whole pieces of 16 KiB" => (Payload.SingleFile(folder, "small.bin", 200 * 16 * Kibibyte), 16 * Kibibyte),
        "last piece of one byte" => (Payload.SingleFile(folder, "short.bin", 10 * 64 * Kibibyte + 1), 64 * Kibibyte),
        "pieces of 4 MiB" => (Payload.SingleFile(folder, "large.bin", 17 * Mebibyte + 3), 4 * Mebibyte),
        "pieces of 16 MiB" => (Payload.SingleFile(folder, "huge.bin", 37 * Mebibyte + 777), 16 * Mebibyte),
        "one file in a folder" => (Payload.Tree(folder, "alone", [("inner.bin", 100_000)]), 32 * Kibibyte),
        "unicode and empty files" => (Payload.Tree(folder, "Größe — 日本語 🎮", UnicodeFiles()), 32 * Kibibyte),
        "2,000 small files" => (Payload.Tree(folder, "many", SmallFiles(2_000)), 64 * Kibibyte),
        "20,000 small files" => (Payload.Tree(folder, "very many", SmallFiles(20_000)), 256 * Kibibyte),
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, "There is no such form."),
    };

    private static IEnumerable<(string Path, long Length)> UnicodeFiles() =>
    [
        ("leer", 0), ("ünïcödé/ñandú.bin", 70_000), ("日本/東京.dat", 33_000), ("emoji 🙂/🎲.bin", 1), ("emoji 🙂/empty", 0),
        ("spaces and (brackets) [1] & 100%.txt", 16_384), ("кириллица.bin", 99_999), ("z/last", 0),
    ];

    private static IEnumerable<(string Path, long Length)> SmallFiles(int count)
        => Enumerable.Range(0, count).Select(i => ($"d{i % 97:D2}/f{i:D5}", (long)(i * 37 % 301)));
}
