using CcBt.Core.Addressing;

namespace CcBt.Core.Swarm;

/// <summary>A peer that we are linked to.</summary>
internal readonly record struct PexPeer(PeerAddress Address, bool IsSeed, bool IsReachable);
