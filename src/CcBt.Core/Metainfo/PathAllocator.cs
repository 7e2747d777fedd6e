using System.Globalization;
using System.Text;

namespace CcBt.Core.Metainfo;

/// <summary>
/// Gives every file of one torrent a path of its own: names are sanitized, and what would collide, also with another
/// case or as file against directory, gets a number before its extension. Takes linear time whatever the names are:
/// numbers are counted per shortened name and never tried twice.
/// </summary>
internal sealed class PathAllocator
{
    // ".1000000": the longest number that a torrent's files can need.
    private const int NumberBytes = 8;

    private readonly HashSet<PathKey> _taken = [];
    private readonly Dictionary<PathKey, PathNode> _directories = [];
    private readonly Dictionary<PathKey, int> _numbers = [];
    private long _units;

    public PathNode Root { get; } = new(0, "", 0);

    /// <summary>How many names were tried, for whoever wants to see that the work is linear.</summary>
    public long Probes { get; private set; }

    /// <summary>The directory of that name, made when it is new. Null, and the reason, when a limit is passed.</summary>
    public PathNode? Enter(PathNode parent, ReadOnlySpan<byte> rawName, out string? error)
    {
        string name = PathSanitizer.Element(rawName);
        Probes++;
        error = null;
        if (_directories.TryGetValue(new PathKey(parent.Id, name), out PathNode? known))
            return known;
        if (parent.Depth >= Limits.PathDepth)
        {
            error = $"The path has more than {Limits.PathDepth} directories.";
            return null;
        }
        string path = parent.Combine(Take(parent, name));
        if (!Fits(path, out error))
            return null;
        var node = new PathNode(_directories.Count + 1, path, parent.Depth + 1);
        _directories.Add(new PathKey(parent.Id, name), node);
        return node;
    }

    /// <summary>The path of a new file. Null, and the reason, when a limit is passed.</summary>
    public string? Add(PathNode parent, ReadOnlySpan<byte> rawName, out string? error)
    {
        Probes++;
        string path = parent.Combine(Take(parent, PathSanitizer.Element(rawName)));
        return Fits(path, out error) ? path : null;
    }

    private string Take(PathNode parent, string name)
    {
        if (_taken.Add(new PathKey(parent.Id, name)))
            return name;
        string shortened = PathSanitizer.Shorten(name, Limits.PathElementBytes - NumberBytes);
        int dot = PathSanitizer.ExtensionStart(shortened);
        var key = new PathKey(parent.Id, shortened);
        for (int number = _numbers.GetValueOrDefault(key) + 1; ; number++)
        {
            Probes++;
            string candidate = string.Create(CultureInfo.InvariantCulture, $"{shortened.AsSpan(0, dot)}.{number}{shortened.AsSpan(dot)}");
            if (!_taken.Add(new PathKey(parent.Id, candidate)))
                continue;
            _numbers[key] = number;
            return candidate;
        }
    }

    private bool Fits(string path, out string? error)
    {
        _units += path.Length;
        error = Encoding.UTF8.GetByteCount(path) > Limits.PathBytes
            ? $"The path is longer than {Limits.PathBytes} bytes."
            : _units > Limits.PathUnits ? $"The paths of all files together are longer than {Limits.PathUnits} characters." : null;
        return error is null;
    }
}
