using System.Security.Cryptography;

namespace CcBt.Core.Interop.Payloads;

/// <summary>A file or folder of random bytes that is to be transferred, and the check that it was.</summary>
/// <param name="Folder">The folder that holds it: the save path of a seeder.</param>
/// <param name="Name">The name of the file or folder inside.</param>
internal sealed record Payload(string Folder, string Name)
{
    public string Path => System.IO.Path.Combine(Folder, Name);

    public long Bytes => Files(Path).Sum(f => new FileInfo(f).Length);

    /// <summary>One file.</summary>
    public static Payload SingleFile(string folder, string name, long length, int seed = 1)
    {
        Write(System.IO.Path.Combine(folder, name), length, new Random(seed));
        return new Payload(folder, name);
    }

    /// <summary>A folder with the files that are given, by relative path and length.</summary>
    public static Payload Tree(string folder, string name, IEnumerable<(string Path, long Length)> files, int seed = 1)
    {
        var random = new Random(seed);
        foreach ((string path, long length) in files)
            Write(System.IO.Path.Combine(folder, name, path), length, random);
        return new Payload(folder, name);
    }

    /// <summary>Fails unless a folder holds the same files with the same bytes, and nothing besides.</summary>
    public void AssertSameIn(string folder)
    {
        string copy = System.IO.Path.Combine(folder, Name);
        string[] expected = Relative(Path), actual = Relative(copy);
        Assert.Equal(expected, actual);
        foreach (string file in expected)
        {
            string from = System.IO.Path.Combine(Path, file), to = System.IO.Path.Combine(copy, file);
            Assert.True(Hash(from.TrimEnd('/')) == Hash(to.TrimEnd('/')), $"{to} differs from {from}");
        }
    }

    private static IEnumerable<string> Files(string path)
        => File.Exists(path) ? [path] : Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories) : [];

    private static string[] Relative(string path)
        => [.. Files(path).Select(f => f == path ? "" : System.IO.Path.GetRelativePath(path, f)).Order(StringComparer.Ordinal)];

    private static string Hash(string file)
    {
        using FileStream stream = File.OpenRead(file);
        return Convert.ToHexString(SHA256.HashData(stream));
    }

    private static void Write(string path, long length, Random random)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        using FileStream stream = File.Create(path);
        byte[] buffer = new byte[Math.Min(length, 1 << 20)];
        for (long left = length; left > 0; left -= buffer.Length)
        {
            random.NextBytes(buffer);
            stream.Write(buffer, 0, (int)Math.Min(left, buffer.Length));
        }
    }
}
