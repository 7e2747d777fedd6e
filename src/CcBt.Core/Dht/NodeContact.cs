using CcBt.Core.Addressing;

namespace CcBt.Core.Dht;

/// <summary>A node's id and where it is said to be reached.</summary>
internal readonly record struct NodeContact(NodeId Id, PeerAddress Address);
