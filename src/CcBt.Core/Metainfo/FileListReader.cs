using CcBt.Core.BEncoding;

namespace CcBt.Core.Metainfo;

/// <summary>Reads the files of a version 1 info dictionary (BEP 3, BEP 47).</summary>
internal sealed class FileListReader(FileListBuilder builder)
{
    private readonly List<FileRecord> _records = [];
    private int _index;

    /// <summary>Fills the builder; the result lists everything but padding, in order.</summary>
    public List<FileRecord> Read(BValue info, BValue name)
    {
        BValue files = info["files"u8];
        if (info["length"u8].Exists)
        {
            if (files.Exists)
                throw FormatError.At("info.files", files, "A torrent has a length or a list of files, not both.");
            ReadSingle(info, name);
            return _records;
        }
        if (!files.Exists)
            throw FormatError.Missing("info.length", info);
        if (files.Kind != BKind.List)
            throw FormatError.At("info.files", files, "It is not a list.");
        PathNode top = builder.Paths.Enter(builder.Paths.Root, name.Bytes, out string? error) ?? throw FormatError.At("info.name", name, error!);
        foreach (BEntry entry in files.Children)
        {
            ReadFile(entry.Value, top);
            _index++;
        }
        return _records;
    }

    private void ReadSingle(BValue info, BValue name)
    {
        long length = FileFields.ReadLength(info, isLink: false, static () => "info");
        string path = builder.Paths.Add(builder.Paths.Root, name.Bytes, out string? error) ?? throw FormatError.At("info.name", name, error!);
        if (!builder.CanTake(length))
            throw FileFields.TooMany("info.length", info["length"u8]);
        _records.Add(new FileRecord(name, 0));
        builder.AddFile(path, length, FileFields.ReadAttributes(info).HasFlag(FileAttributeFlags.Executable));
    }

    private void ReadFile(BValue file, PathNode top)
    {
        if (file.Kind != BKind.Dictionary)
            throw FormatError.At(Field(), file, "It is not a dictionary.");
        FileAttributeFlags flags = FileFields.ReadAttributes(file);
        bool isLink = flags.HasFlag(FileAttributeFlags.SymbolicLink);
        long length = FileFields.ReadLength(file, isLink, Field);
        if (!builder.CanTake(length))
            throw FileFields.TooMany(Field(), file);
        if (flags.HasFlag(FileAttributeFlags.Padding))
        {
            builder.AddPadding(length);
            return;
        }
        BValue path = ReadPath(file);
        if (isLink)
        {
            _records.Add(new FileRecord(path, -1));
            builder.SkipLink();
            return;
        }
        _records.Add(new FileRecord(path, builder.Files.Count));
        builder.AddFile(Allocate(path, top), length, flags.HasFlag(FileAttributeFlags.Executable));
    }

    private BValue ReadPath(BValue file)
    {
        BValue path = file["path.utf-8"u8];
        if (path.Kind != BKind.List || path.Count == 0)
            path = file["path"u8];
        if (!path.Exists)
            throw FormatError.Missing(Field() + ".path", file);
        if (path.Kind != BKind.List)
            throw FormatError.At(Field() + ".path", path, "It is not a list.");
        bool hasName = false;
        foreach (BEntry element in path.Children)
        {
            if (element.Value.Kind != BKind.String)
                throw FormatError.At(Field() + ".path", element.Value, "It is not a list of strings.");
            hasName |= !element.Value.Bytes.IsEmpty;
        }
        return hasName ? path : throw FormatError.At(Field() + ".path", path, "It names nothing.");
    }

    private string Allocate(BValue path, PathNode top)
    {
        PathNode directory = top;
        BValue last = default;
        string? error;
        foreach (BEntry element in path.Children)
        {
            // Elements without a character stand for nothing, as in "a//b".
            if (element.Value.Bytes.IsEmpty)
                continue;
            if (last.Exists)
                directory = builder.Paths.Enter(directory, last.Bytes, out error) ?? throw FormatError.At(Field() + ".path", last, error!);
            last = element.Value;
        }
        return builder.Paths.Add(directory, last.Bytes, out error) ?? throw FormatError.At(Field() + ".path", path, error!);
    }

    private string Field() => $"info.files[{_index}]";
}
