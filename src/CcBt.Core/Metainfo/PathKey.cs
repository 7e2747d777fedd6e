namespace CcBt.Core.Metainfo;

/// <summary>A name in a directory. Names that differ only in case are the same, as they are on Windows and macOS.</summary>
internal readonly record struct PathKey(int Directory, string Name)
{
    public bool Equals(PathKey other) => Directory == other.Directory && string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() => HashCode.Combine(Directory, StringComparer.OrdinalIgnoreCase.GetHashCode(Name));
}
