namespace CcBt.Core.Metainfo;

/// <summary>A file of an <see cref="InfoDraft"/>: its path below the torrent's directory, and its length in bytes.</summary>
internal readonly record struct DraftFile(IReadOnlyList<string> Path, long Length);
