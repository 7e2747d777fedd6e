namespace CcBt.Core.Tests.Storage;

/// <summary>A directory of its own for one test, gone when the test ends.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("ccbt-").FullName;

    public string Combine(params string[] elements) => Path.Combine([Root, .. elements]);

    /// <summary>Writes a file with <paramref name="length"/> bytes that depend on <paramref name="seed"/>, and returns its path.</summary>
    public string Write(string relativePath, int length, int seed = 1)
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        string path = Combine(relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
