namespace CcBt.Core.Metainfo;

/// <summary>
/// A run of bytes of one file; <paramref name="File"/> is its index in <see cref="Torrent.Files"/>, or
/// <see cref="Padding"/> for bytes that are zero and belong to no file on disk (BEP 47).
/// </summary>
internal readonly record struct FileSlice(int File, long Offset, int Length)
{
    public const int Padding = -1;

    public bool IsPadding => File < 0;
}
