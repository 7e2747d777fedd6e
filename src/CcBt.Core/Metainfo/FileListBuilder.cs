namespace CcBt.Core.Metainfo;

/// <summary>Collects the files of a torrent in their order and lays them into the piece space.</summary>
internal sealed class FileListBuilder(int pieceLength, bool isAligned)
{
    private readonly List<TorrentFile> _files = [];
    private readonly List<FileExtent> _extents = [];

    /// <summary>Entries seen so far, with padding and links: the index that magnet links select by (BEP 53).</summary>
    public int Entries { get; private set; }

    public List<TorrentFile> Files => _files;

    /// <summary>The end of the piece space so far.</summary>
    public long End { get; private set; }

    public PathAllocator Paths { get; } = new();

    /// <summary>Where the next file with content begins.</summary>
    public long NextOffset => isAligned ? (End + pieceLength - 1) / pieceLength * pieceLength : End;

    /// <summary>False when the torrent passes the bound on pieces or files.</summary>
    public bool CanTake(long length)
        => Entries < Limits.FileCount && NextOffset + length <= (long)Limits.PieceCount * pieceLength;

    public void AddFile(string path, long length, bool isExecutable)
    {
        long offset = length == 0 ? End : NextOffset;
        if (length > 0)
            Extend(offset, length, _files.Count);
        _files.Add(new TorrentFile(path, length, offset, Entries++) { IsExecutable = isExecutable });
    }

    public void AddPadding(long length)
    {
        Entries++;
        if (length > 0)
            Extend(NextOffset, length, FileSlice.Padding);
    }

    public void SkipLink() => Entries++;

    public FileLayout Build() => new(pieceLength, _files.Count, [.. _extents], isAligned);

    private void Extend(long offset, long length, int file)
    {
        _extents.Add(new FileExtent(offset, length, file));
        End = offset + length;
    }
}
