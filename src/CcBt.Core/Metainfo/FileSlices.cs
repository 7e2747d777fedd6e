namespace CcBt.Core.Metainfo;

/// <summary>Walks the slices of files that a run of the piece space is made of, in order and without allocating.</summary>
internal struct FileSlices
{
    private readonly FileLayout _layout;
    private readonly long _end;
    private long _at;
    private int _extent;

    internal FileSlices(FileLayout layout, long start, int length)
    {
        _layout = layout;
        _at = start;
        _end = start + length;
        _extent = length == 0 ? 0 : layout.FindExtent(start);
    }

    public FileSlice Current { get; private set; }

    public readonly FileSlices GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_at >= _end)
            return false;
        FileExtent extent = _layout.Extents[_extent++];
        int length = (int)(Math.Min(extent.End, _end) - _at);
        Current = new FileSlice(extent.File, _at - extent.Offset, length);
        _at += length;
        return true;
    }
}
