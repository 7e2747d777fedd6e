using CcBt.Core.BEncoding;

namespace CcBt.Core.Metainfo;

/// <summary>
/// Checks that the version 2 tree of a hybrid torrent describes the same files, in the same order and at the same pieces, as
/// its version 1 list (BEP 52, upgrade path): otherwise two programs would save different things under one name.
/// </summary>
internal static class HybridReader
{
    /// <summary>Adds the merkle roots to the files that the version 1 part gave, and returns them.</summary>
    public static ReadOnlyMemory<byte>[] Read(BValue info, BValue name, FileListBuilder builder, List<FileRecord> records, int pieceLength)
    {
        BValue tree = FileTreeReader.Tree(info);
        if (FileTreeReader.IsSingle(tree, name) != info["length"u8].Exists)
            throw Differ(tree, "one describes a single file and the other a directory");
        var roots = new ReadOnlyMemory<byte>[builder.Files.Count];
        var walker = new FileTreeWalker(tree);
        int next = 0;
        while (walker.MoveNext())
        {
            if (next == records.Count)
                throw Differ(walker.Properties, "the tree has more files");
            FileRecord record = records[next++];
            if (!SamePath(record.Path, walker))
                throw Differ(walker.Properties, $"file {next} has another path");
            CheckFile(record, walker.Properties, builder.Files, roots, pieceLength);
        }
        return next == records.Count ? roots : throw Differ(tree, "the tree has fewer files");
    }

    private static void CheckFile(FileRecord record, BValue properties, List<TorrentFile> files, ReadOnlyMemory<byte>[] roots, int pieceLength)
    {
        bool isLink = FileFields.ReadAttributes(properties).HasFlag(FileAttributeFlags.SymbolicLink);
        long length = FileFields.ReadLength(properties, isLink, static () => FileTreeWalker.Field);
        if (isLink != record.File < 0)
            throw Differ(properties, "one has a symbolic link where the other has a file");
        if (isLink)
            return;
        TorrentFile file = files[record.File];
        if (file.Length != length)
            throw Differ(properties, $"'{file.Path}' has another length");
        if (length > 0 && file.Offset % pieceLength != 0)
            throw Differ(properties, $"'{file.Path}' does not begin a piece in version 1");
        roots[record.File] = FileTreeReader.ReadRoot(properties, length);
        FileTreeReader.SetRoot(files, record.File, roots[record.File]);
    }

    private static bool SamePath(BValue path, FileTreeWalker walker)
    {
        if (path.Kind == BKind.String)
            return walker.Depth == 1 && walker.Element(0).SequenceEqual(path.Bytes);
        int depth = 0;
        foreach (BEntry element in path.Children)
        {
            if (depth == walker.Depth || !walker.Element(depth++).SequenceEqual(element.Value.Bytes))
                return false;
        }
        return depth == walker.Depth;
    }

    private static TorrentFormatException Differ(BValue at, string how)
        => FormatError.At(FileTreeWalker.Field, at, $"The version 1 and version 2 parts disagree: {how}.");
}
