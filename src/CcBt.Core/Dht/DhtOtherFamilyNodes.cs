namespace CcBt.Core.Dht;

/// <summary>Nodes of the other address family that an answer named (BEP 32); its DHT node can ask them.</summary>
internal sealed record DhtOtherFamilyNodes(IReadOnlyList<NodeContact> Nodes) : DhtEvent;
