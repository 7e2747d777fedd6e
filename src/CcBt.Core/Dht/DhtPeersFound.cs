using CcBt.Core.Addressing;

namespace CcBt.Core.Dht;

/// <summary>A node named peers that the lookup had not heard of before.</summary>
internal sealed record DhtPeersFound(int LookupId, InfoHash InfoHash, IReadOnlyList<PeerAddress> Peers) : DhtEvent;
