using CcBt.Core.BEncoding;

namespace CcBt.Core.Metainfo;

/// <summary>Reads the fields that version 1 and version 2 have in common for a file.</summary>
internal static class FileFields
{
    public static FileAttributeFlags ReadAttributes(BValue file)
    {
        var flags = FileAttributeFlags.None;
        foreach (byte letter in file["attr"u8].Bytes)
        {
            flags |= letter switch
            {
                (byte)'p' => FileAttributeFlags.Padding,
                (byte)'l' => FileAttributeFlags.SymbolicLink,
                (byte)'x' => FileAttributeFlags.Executable,
                (byte)'h' => FileAttributeFlags.Hidden,
                _ => FileAttributeFlags.None,
            };
        }
        return flags;
    }

    /// <summary>The length of a file; a link has none and may leave the field out.</summary>
    public static long ReadLength(BValue file, bool isLink, Func<string> field)
    {
        BValue value = file["length"u8];
        if (!value.Exists)
            return isLink ? 0 : throw FormatError.Missing(field() + ".length", file);
        if (!value.TryGetInteger(out long length) || length < 0 || length > Limits.FileLength)
            throw FormatError.At(field() + ".length", value, $"It must be a number from 0 to {Limits.FileLength} bytes.");
        if (isLink && length != 0)
            throw FormatError.At(field() + ".length", value, "A symbolic link has no content of its own.");
        return length;
    }

    public static TorrentFormatException TooMany(string field, BValue at)
        => FormatError.At(field, at, $"The torrent has more than {Limits.FileCount} files or {Limits.PieceCount} pieces.");
}
