namespace CcBt.Core;

/// <summary>
/// A file of a torrent. Padding files and symbolic links are not files in this sense: they are never shown and never
/// written. The value is immutable and safe to use from any thread.
/// </summary>
public sealed record TorrentFile
{
    internal TorrentFile(string path, long length, long offset, int metainfoIndex)
    {
        Path = path;
        Length = length;
        Offset = offset;
        MetainfoIndex = metainfoIndex;
    }

    /// <summary>
    /// Where the file is written, relative to the save directory, with <c>/</c> between the elements and with the torrent's
    /// directory in front when it has one. Names are made safe for every common file system, so this can differ from what
    /// the torrent says; no two files of a torrent have the same path, also where case does not count.
    /// </summary>
    public string Path { get; }

    /// <summary>The length of the file in bytes; zero or more.</summary>
    public long Length { get; }

    /// <summary>Where the file begins in the torrent's pieces laid end to end, in bytes.</summary>
    public long Offset { get; }

    /// <summary>The root of the file's merkle tree (BEP 52) as 64 lower-case hexadecimal characters; null when the torrent has no version 2 part or the file is empty.</summary>
    public string? PiecesRoot { get; internal init; }

    /// <summary>Whether the torrent marks the file as executable (BEP 47).</summary>
    public bool IsExecutable { get; internal init; }

    /// <summary>The index among all entries of the torrent, padding and links included, by which magnet links select (BEP 53).</summary>
    internal int MetainfoIndex { get; }
}
