namespace CcBt.Core.Metainfo;

/// <summary>Where a file, or padding (<paramref name="File"/> is <see cref="FileSlice.Padding"/>), lies in the piece space.</summary>
internal readonly record struct FileExtent(long Offset, long Length, int File)
{
    public long End => Offset + Length;
}
