namespace CcBt.Core.Metainfo;

/// <summary>
/// What was read: the info dictionary, what stands beside it, the version 2 hashes of pieces (null for version 1, and where metadata from
/// peers lacks them), and the whole file (empty for metadata from peers).
/// </summary>
internal sealed record TorrentContent(TorrentInfo Info, TorrentDetails Details, PieceLayers? PieceLayers, ReadOnlyMemory<byte> Source);
