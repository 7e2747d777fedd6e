using CcBt.Core.Addressing;
using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

/// <summary>What a peer exchange message says (BEP 11): at most 50 added and 50 dropped, none in both.</summary>
internal sealed record PexDelta(IReadOnlyList<PexPeer> Added, IReadOnlyList<PeerAddress> Dropped);
