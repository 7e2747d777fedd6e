namespace CcBt.Core.Wire;

/// <summary>Who gave which piece to a fetch whose hash was wrong; convicted, or cleared, once the true metadata is there.</summary>
internal readonly record struct MetadataSuspect(int LinkId, int Size, int Piece, InfoHash PieceHash);
