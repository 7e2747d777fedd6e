using CcBt.Core.Addressing;

namespace CcBt.Core.Transport;

/// <summary>What local discovery tells the owner. Calls come from any thread; they only post and never wait.</summary>
internal interface ILocalDiscoveryEvents
{
    /// <summary>A peer on the local network takes part in a swarm that was added.</summary>
    void LocalPeerFound(InfoHash infoHash, PeerAddress peer);
}
