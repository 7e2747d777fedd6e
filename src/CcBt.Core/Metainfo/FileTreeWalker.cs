using System.Runtime.InteropServices;
using CcBt.Core.BEncoding;

namespace CcBt.Core.Metainfo;

/// <summary>
/// Walks the files of a version 2 file tree in its order (BEP 52). Iterative; with a <see cref="PathAllocator"/> it also
/// keeps track of the directory on disk.
/// </summary>
internal sealed class FileTreeWalker
{
    public const string Field = "info.file tree";

    private readonly List<Frame> _frames = [];
    private readonly PathAllocator? _paths;

    public FileTreeWalker(BValue tree, PathAllocator? paths = null, PathNode? top = null)
    {
        if (tree.Kind != BKind.Dictionary)
            throw FormatError.At(Field, tree, "It is not a dictionary.");
        _paths = paths;
        _frames.Add(new Frame { Children = tree.Children, Directory = top ?? paths?.Root });
    }

    /// <summary>How many elements the current file's path has.</summary>
    public int Depth => _frames.Count;

    /// <summary>What the tree says about the current file.</summary>
    public BValue Properties { get; private set; }

    /// <summary>The directory of the current file; null without an allocator.</summary>
    public PathNode? Directory => _frames[^1].Directory;

    /// <summary>An element of the current file's path as it was written.</summary>
    public ReadOnlySpan<byte> Element(int depth) => _frames[depth].Children.Current.Key;

    public bool MoveNext()
    {
        while (_frames.Count > 0)
        {
            ref Frame top = ref CollectionsMarshal.AsSpan(_frames)[^1];
            if (!top.Children.MoveNext())
            {
                _frames.RemoveAt(_frames.Count - 1);
                continue;
            }
            BEntry entry = top.Children.Current;
            if (entry.Key.IsEmpty || entry.Value.Kind != BKind.Dictionary)
                throw FormatError.At(Field, entry.KeyOffset, "A directory holds something that is neither a file nor a directory.");
            BValue properties = entry.Value[""u8];
            if (properties.Exists)
            {
                if (properties.Kind != BKind.Dictionary || entry.Value.Count != 1)
                    throw FormatError.At(Field, properties, "An entry is a file and a directory at once.");
                Properties = properties;
                return true;
            }
            Descend(entry, top.Directory);
        }
        return false;
    }

    private void Descend(BEntry entry, PathNode? parent)
    {
        PathNode? directory = null;
        if (_paths is not null)
            directory = _paths.Enter(parent!, entry.Key, out string? error) ?? throw FormatError.At(Field, entry.KeyOffset, error!);
        _frames.Add(new Frame { Children = entry.Value.Children, Directory = directory });
    }

    private struct Frame
    {
        public BChildren Children;
        public PathNode? Directory;
    }
}
