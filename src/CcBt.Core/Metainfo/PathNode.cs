namespace CcBt.Core.Metainfo;

/// <summary>A directory of a torrent as it would be on disk. The root's path is empty.</summary>
internal sealed class PathNode(int id, string path, int depth)
{
    public int Id { get; } = id;

    /// <summary>Relative, with <c>/</c> between the elements.</summary>
    public string Path { get; } = path;

    public int Depth { get; } = depth;

    public string Combine(string name) => Path.Length == 0 ? name : $"{Path}/{name}";
}
