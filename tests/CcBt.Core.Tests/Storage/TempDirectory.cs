namespace CcBt.Core.Tests.Storage;

/// <summary>A directory of its own for one test, gone with it.</summary>
internal sealed class TempDirectory : IDisposable
{
    public TempDirectory() => Path = Directory.CreateTempSubdirectory("ccbt-storage-").FullName;

    public string Path { get; }

    public string this[string relative] => System.IO.Path.Combine(Path, relative);

    /// <summary>The files below the directory, relative and sorted.</summary>
    public string[] Files()
        => [.. Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).Select(f => System.IO.Path.GetRelativePath(Path, f)).Order(StringComparer.Ordinal)];

    /// <summary>Writes a file with <paramref name="length"/> bytes that depend on <paramref name="seed"/>, and returns its path.</summary>
    public string Write(string relative, int length, int seed = 1)
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[relative])!);
        File.WriteAllBytes(this[relative], content);
        return this[relative];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
