namespace CcBt.Core.Wire;

/// <summary>Which link gave block <paramref name="Block"/> of a piece, and the hash of what it gave where hashes were asked for.</summary>
internal readonly record struct BlockContribution(int Block, int Link, BlockDigest Digest);
