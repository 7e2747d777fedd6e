using CcBt.Core.Addressing;
using CcBt.Core.Dht;

namespace CcBt.Core.Tests.Dht;

/// <summary>A node in the virtual network, and what it has told so far.</summary>
internal sealed class VirtualHost(DhtNode node, PeerAddress address)
{
    public DhtNode Node { get; } = node;

    public PeerAddress Address { get; } = address;

    public List<DhtEvent> Events { get; } = [];

    /// <summary>When the network will wake the node; MaxValue when it need not.</summary>
    public TimeSpan WakesAt { get; set; } = TimeSpan.MaxValue;

    public IEnumerable<PeerAddress> PeersOf(int lookup)
        => Events.OfType<DhtPeersFound>().Where(found => found.LookupId == lookup).SelectMany(found => found.Peers);

    public DhtLookupEnded? EndOf(int lookup) => Events.OfType<DhtLookupEnded>().SingleOrDefault(ended => ended.LookupId == lookup);
}
