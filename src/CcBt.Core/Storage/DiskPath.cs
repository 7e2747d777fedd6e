namespace CcBt.Core.Storage;

/// <summary>
/// A path below a root. The root is the user's and is believed; the rest comes from outside: it can be made only
/// when it stays below the root, and every file call refuses links in it.
/// </summary>
internal readonly record struct DiskPath
{
    private DiskPath(string root, string relative)
    {
        Root = root;
        Relative = relative;
    }

    /// <summary>Absolute, without a separator at its end unless it is a volume's root.</summary>
    public string Root { get; }

    /// <summary>The part below the root with <c>/</c> between its elements; empty for the root itself.</summary>
    public string Relative { get; }

    public bool IsRoot => Relative.Length == 0;

    public string Full => IsRoot ? Root : Path.Combine(Root, Relative.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>The directory that holds this; the root holds itself.</summary>
    public DiskPath Parent
    {
        get
        {
            int slash = Relative.LastIndexOf('/');
            return new DiskPath(Root, slash < 0 ? "" : Relative[..slash]);
        }
    }

    public static DiskPath ForRoot(string root) => new(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)), "");

    /// <summary>Joins a root and a relative path.</summary>
    /// <exception cref="TorrentStorageException">The path would leave the root.</exception>
    public static DiskPath Create(string root, string relative)
    {
        DiskPath path = ForRoot(root);
        string normal = Path.DirectorySeparatorChar == '/' ? relative : relative.Replace(Path.DirectorySeparatorChar, '/');
        foreach (Range range in Split(normal))
        {
            if (!IsSafe(normal.AsSpan(range)))
                throw Refused(relative, path.Root);
        }
        var joined = new DiskPath(path.Root, normal);
        string prefix = Path.EndsInDirectorySeparator(path.Root) ? path.Root : path.Root + Path.DirectorySeparatorChar;
        // The elements were checked one by one; this catches what the system would make of them together.
        if (!Path.GetFullPath(joined.Full).StartsWith(prefix, StringComparison.Ordinal))
            throw Refused(relative, path.Root);
        return joined;
    }

    public string[] Elements() => IsRoot ? [] : Relative.Split('/');

    public override string ToString() => Full;

    private static List<Range> Split(string relative)
    {
        var ranges = new List<Range>();
        int start = 0;
        for (int i = 0; i <= relative.Length; i++)
        {
            if (i < relative.Length && relative[i] != '/')
                continue;
            ranges.Add(start..i);
            start = i + 1;
        }
        return ranges;
    }

    private static bool IsSafe(ReadOnlySpan<char> element)
    {
        if (element.IsEmpty || element.SequenceEqual(".") || element.SequenceEqual("..") || element.Contains('\0'))
            return false;
        // A colon names a drive or an alternate stream there.
        return !OperatingSystem.IsWindows() || element.IndexOfAny(':', '\\') < 0;
    }

    private static TorrentStorageException Refused(string relative, string root)
        => new(TorrentErrorCode.PathRefused, $"The path '{relative}' does not stay below '{root}'; the torrent is not stored.", relative, isTransient: false);
}
