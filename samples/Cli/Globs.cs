using System.IO.Enumeration;
using CcBt.Core;

namespace CcBt.Cli;

/// <summary>Chooses files by patterns with * and ?, held against the whole path, the path below the torrent's folder, and the last name.</summary>
internal sealed class Globs(string[]? patterns)
{
    private readonly string[] _patterns = patterns ?? [];

    /// <summary>Null when every file is wanted.</summary>
    public Func<TorrentFile, bool>? Filter => _patterns.Length == 0 ? null : file => _patterns.Any(p => Matches(p, file.Path));

    /// <summary>A pattern that chooses nothing is a mistake, not a wish.</summary>
    /// <exception cref="UsageException">A pattern fits no file of the torrent.</exception>
    public void Check(Torrent? torrent)
    {
        if (torrent is null)
            return;
        foreach (string pattern in _patterns)
        {
            if (!torrent.Files.Any(f => Matches(pattern, f.Path)))
                throw new UsageException($"--select: no file of '{torrent.Name}' matches '{pattern}'.");
        }
    }

    private static bool Matches(string pattern, string path)
        => FileSystemName.MatchesSimpleExpression(pattern, path)
            || FileSystemName.MatchesSimpleExpression(pattern, path.AsSpan(path.LastIndexOf('/') + 1))
            || FileSystemName.MatchesSimpleExpression(pattern, path.AsSpan(path.IndexOf('/') + 1));
}
