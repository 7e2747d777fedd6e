namespace CcBt.Core.Faults.State;

/// <summary>All files of a state directory in memory, to be laid down again as often as needed.</summary>
internal sealed class SavedState
{
    private readonly string _directory;

    private SavedState(string directory, SortedDictionary<string, byte[]> files)
    {
        _directory = directory;
        Files = files;
    }

    public SortedDictionary<string, byte[]> Files { get; }

    public static SavedState Read(string directory)
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Where(static p => Path.GetFileName(p) != "lock"))
            files[path] = File.ReadAllBytes(path);
        return new SavedState(directory, files);
    }

    /// <summary>Lays the files down, some of them damaged.</summary>
    public void Restore(Func<string, byte[], byte[]> damage)
    {
        Directory.Delete(_directory, recursive: true);
        foreach ((string path, byte[] bytes) in Files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, damage(path, (byte[])bytes.Clone()));
        }
    }
}
