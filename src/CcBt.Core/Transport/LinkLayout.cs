namespace CcBt.Core.Transport;

/// <summary>The shape of the torrent that a link's messages are checked against.</summary>
internal readonly record struct LinkLayout(int PieceCount, int PieceLength, long TotalSize);
