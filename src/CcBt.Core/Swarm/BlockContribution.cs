namespace CcBt.Core.Swarm;

/// <summary>Which link gave block <paramref name="Block"/> of a piece, and the hash of what it gave.</summary>
internal readonly record struct BlockContribution(int Block, int Link, BlockDigest Digest);
