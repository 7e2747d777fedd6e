namespace CcBt.Core.Storage;

/// <summary>The files that a torrent is made of, in its order. Immutable.</summary>
internal sealed class Payload
{
    private Payload(string name, List<PayloadFile> files)
    {
        Name = name;
        Files = files.AsReadOnly();
        Length = files.Sum(static file => file.Length);
    }

    /// <summary>The name of the file or directory that was given; empty for the root of a file system.</summary>
    public string Name { get; }

    public IReadOnlyList<PayloadFile> Files { get; }

    /// <summary>The length of all files together in bytes; more than zero.</summary>
    public long Length { get; }

    /// <summary>Finds the files on the thread pool: walking a directory can only block.</summary>
    public static Task<Payload> ScanAsync(string path, CancellationToken cancellationToken)
        => Task.Run(() => Scan(Path.GetFullPath(path), cancellationToken), cancellationToken);

    private static Payload Scan(string path, CancellationToken cancellationToken)
    {
        try
        {
            List<PayloadFile> files = File.Exists(path)
                ? [new PayloadFile(path, [], new FileInfo(path).Length)]
                : Walk(path, cancellationToken);
            files.Sort(PayloadFile.Compare);
            var payload = new Payload(Path.GetFileName(Path.TrimEndingDirectorySeparator(path)), files);
            return payload.Length > 0
                ? payload
                : throw new TorrentStorageException(TorrentErrorCode.StorageFailure, $"'{path}' has no content to make a torrent of.", path, isTransient: false);
        }
        catch (Exception exception) when (StorageErrors.IsFileError(exception))
        {
            throw StorageErrors.From(exception, path);
        }
    }

    private static List<PayloadFile> Walk(string root, CancellationToken cancellationToken)
    {
        var files = new List<PayloadFile>();
        var open = new Stack<(DirectoryInfo Directory, string[] Elements)>();
        open.Push((new DirectoryInfo(root), []));
        while (open.TryPop(out (DirectoryInfo Directory, string[] Elements) top))
        {
            foreach (FileSystemInfo entry in top.Directory.EnumerateFileSystemInfos())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (entry.LinkTarget is not null)
                    continue;
                string[] elements = [.. top.Elements, entry.Name];
                if (elements.Length > Limits.PathDepth || files.Count == Limits.FileCount)
                    throw new IOException($"'{entry.FullName}' goes beyond {Limits.PathDepth} directories or {Limits.FileCount} files.");
                if (entry is DirectoryInfo directory)
                    open.Push((directory, elements));
                else
                    files.Add(new PayloadFile(entry.FullName, elements, ((FileInfo)entry).Length));
            }
        }
        return files;
    }
}
