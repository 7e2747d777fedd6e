namespace CcBt.Core.Wire;

/// <summary>A metadata piece that a link was asked for and has not answered.</summary>
internal readonly record struct MetadataRequest(int LinkId, int Piece, TimeSpan Expires);
