using System.Collections.Concurrent;
using CcBt.Core.Addressing;
using CcBt.Core.Transport;

namespace CcBt.Core.Faults.Network;

/// <summary>The peers that local discovery has found.</summary>
internal sealed class FoundPeers : ILocalDiscoveryEvents
{
    public ConcurrentDictionary<PeerAddress, bool> All { get; } = new();

    public void LocalPeerFound(InfoHash infoHash, PeerAddress peer) => All.TryAdd(peer, true);
}
