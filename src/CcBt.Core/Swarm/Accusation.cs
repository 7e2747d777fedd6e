using CcBt.Core.Addressing;
using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

/// <summary>A block of a piece that turned out bad, who gave it and what it hashed to.</summary>
internal readonly record struct Accusation(int Block, PeerAddress Giver, BlockDigest Digest);
