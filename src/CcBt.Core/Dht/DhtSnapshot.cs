using CcBt.Core.Addressing;

namespace CcBt.Core.Dht;

/// <summary>What a node keeps between runs: its id and good nodes.</summary>
internal sealed record DhtSnapshot(NodeId Id, bool IsV6, IReadOnlyList<NodeContact> Nodes);
