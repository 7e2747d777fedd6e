using CcBt.Core.Addressing;

namespace CcBt.Core.Wire;

/// <summary>A peer that an exchange message adds.</summary>
internal readonly record struct PexPeer(PeerAddress Address, PexFlags Flags);
