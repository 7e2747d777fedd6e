using CcBt.Core;

namespace CcBt.Cli;

/// <summary>Looks at what the command line names before anything is bound, hashed or written.</summary>
internal static class Inputs
{
    /// <summary>Reads a .torrent file.</summary>
    /// <exception cref="UsageException">It is not there, cannot be read, or is no torrent.</exception>
    public static async Task<Torrent> LoadTorrentAsync(string path, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
            throw new UsageException($"'{path}' is a folder; a .torrent file is needed.");
        if (!File.Exists(path))
            throw new UsageException($"'{path}' does not exist; a magnet link or a .torrent file is needed.");
        try
        {
            return await Torrent.LoadAsync(path, cancellationToken);
        }
        catch (TorrentFormatException exception)
        {
            throw new UsageException($"'{path}': {exception.Message}");
        }
        catch (TorrentStorageException exception)
        {
            throw new UsageException($"'{path}' cannot be read: {exception.InnerException?.Message ?? exception.Message}");
        }
    }

    /// <summary>Checks that a file can be put there.</summary>
    public static void RequireWritableFile(string path, string option)
    {
        RequireName(path, option);
        if (Directory.Exists(path))
            throw new UsageException($"{option}: '{path}' is a folder; a file name is needed.");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
            throw new UsageException($"{option}: the folder '{folder}' does not exist.");
        RequireWritable(folder, option);
    }

    /// <summary>Checks that a folder is there and can be written to, or could be made.</summary>
    public static void RequireWritableFolder(string path, string option)
    {
        RequireName(path, option);
        string? nearest = Path.GetFullPath(path);
        while (nearest is not null && !Directory.Exists(nearest))
        {
            if (File.Exists(nearest))
                throw new UsageException($"{option}: '{nearest}' is a file; a folder is needed.");
            nearest = Path.GetDirectoryName(nearest);
        }
        RequireWritable(nearest ?? "/", option);
    }

    public static void RequireFolder(string path, string option)
    {
        if (!Directory.Exists(path))
            throw new UsageException($"{option}: '{path}' is not a folder.");
    }

    private static void RequireName(string path, string option)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0'))
            throw new UsageException($"{option}: '{path}' is not a path.");
    }

    /// <summary>Rights alone do not tell (a read-only mount, a full disk): a file that is gone again at once does.</summary>
    private static void RequireWritable(string folder, string option)
    {
        string probe = Path.Combine(folder, $".ccbt-{Guid.NewGuid():N}");
        try
        {
            using FileStream file = new(probe, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option}: '{folder}' cannot be written to.");
        }
    }
}
