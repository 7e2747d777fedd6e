using System.Security.Cryptography;
using CcBt.Core.BEncoding;

namespace CcBt.Core.Metainfo;

/// <summary>Reads the files of an info dictionary that has only a version 2 part (BEP 52).</summary>
internal static class FileTreeReader
{
    /// <summary>Fills the builder and returns the merkle root of each file.</summary>
    public static ReadOnlyMemory<byte>[] Read(BValue info, BValue name, FileListBuilder builder)
    {
        BValue tree = Tree(info);
        PathNode top = builder.Paths.Root;
        if (!IsSingle(tree, name))
            top = builder.Paths.Enter(top, name.Bytes, out string? error) ?? throw FormatError.At("info.name", name, error!);
        var roots = new List<ReadOnlyMemory<byte>>();
        var walker = new FileTreeWalker(tree, builder.Paths, top);
        while (walker.MoveNext())
        {
            FileAttributeFlags flags = FileFields.ReadAttributes(walker.Properties);
            bool isLink = flags.HasFlag(FileAttributeFlags.SymbolicLink);
            long length = FileFields.ReadLength(walker.Properties, isLink, static () => FileTreeWalker.Field);
            if (!builder.CanTake(length))
                throw FileFields.TooMany(FileTreeWalker.Field, walker.Properties);
            if (isLink)
            {
                builder.SkipLink();
                continue;
            }
            string path = builder.Paths.Add(walker.Directory!, walker.Element(walker.Depth - 1), out string? error)
                ?? throw FormatError.At(FileTreeWalker.Field, walker.Properties, error!);
            ReadOnlyMemory<byte> root = ReadRoot(walker.Properties, length);
            roots.Add(root);
            builder.AddFile(path, length, flags.HasFlag(FileAttributeFlags.Executable));
            SetRoot(builder.Files, builder.Files.Count - 1, root);
        }
        return [.. roots];
    }

    public static BValue Tree(BValue info)
    {
        BValue tree = info["file tree"u8];
        return tree.Exists ? tree : throw FormatError.Missing(FileTreeWalker.Field, info);
    }

    /// <summary>A tree of nothing but a file with the torrent's name is a torrent of one file; any other tree goes into a directory of that name.</summary>
    public static bool IsSingle(BValue tree, BValue name)
    {
        if (tree.Count != 1)
            return false;
        BChildren children = tree.Children;
        children.MoveNext();
        return children.Current.Key.SequenceEqual(name.Bytes) && children.Current.Value[""u8].Exists;
    }

    /// <summary>The merkle root of a file: 32 bytes that are not all zero, and nothing for a file without content.</summary>
    public static ReadOnlyMemory<byte> ReadRoot(BValue properties, long length)
    {
        const string field = FileTreeWalker.Field + ".pieces root";
        if (length == 0)
            return default;
        BValue root = properties["pieces root"u8];
        if (!root.Exists)
            throw FormatError.Missing(field, properties);
        if (root.Bytes.Length != SHA256.HashSizeInBytes || root.Bytes.IndexOfAnyExcept((byte)0) < 0)
            throw FormatError.At(field, root, "It must be 32 bytes that are not all zero.");
        return root.BytesMemory;
    }

    public static void SetRoot(List<TorrentFile> files, int file, ReadOnlyMemory<byte> root)
    {
        if (!root.IsEmpty)
            files[file] = files[file] with { PiecesRoot = Convert.ToHexString(root.Span).ToLowerInvariant() };
    }
}
