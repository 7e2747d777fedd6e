using CcBt.Core.BEncoding;

namespace CcBt.Core.Metainfo;

/// <summary>
/// A file of a version 1 list as it was written, for comparing with the version 2 tree. <paramref name="Path"/> is a list of
/// elements, or the name itself in a torrent of one file; <paramref name="File"/> is -1 for a symbolic link.
/// </summary>
internal readonly record struct FileRecord(BValue Path, int File);
