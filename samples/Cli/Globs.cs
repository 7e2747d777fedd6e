using System.IO.Enumeration;
using CcBt.Core;

namespace CcBt.Cli;

/// <summary>Chooses files by patterns with * and ?, held against the whole path and against the last name.</summary>
internal static class Globs
{
    public static Func<TorrentFile, bool>? Filter(string[]? patterns)
        => patterns is { Length: > 0 } ? file => patterns.Any(p => Matches(p, file.Path)) : null;

    private static bool Matches(string pattern, string path)
        => FileSystemName.MatchesSimpleExpression(pattern, path)
            || FileSystemName.MatchesSimpleExpression(pattern, path.AsSpan(path.LastIndexOf('/') + 1))
            || (path.Contains('/') && FileSystemName.MatchesSimpleExpression(pattern, path.AsSpan(path.IndexOf('/') + 1)));
}
