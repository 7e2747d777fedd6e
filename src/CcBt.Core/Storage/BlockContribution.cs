namespace CcBt.Core.Storage;

/// <summary>Which link gave a block of an ended piece. The digest is set only when <see cref="PieceVerdict.HasDigests"/> is.</summary>
internal readonly record struct BlockContribution(int Begin, int LinkId, BlockDigest Digest);
