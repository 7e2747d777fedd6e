using CcBt.Core.Addressing;

namespace CcBt.Core.Dht;

/// <summary>A datagram to send. The bytes belong to whoever took it.</summary>
internal readonly record struct DhtDatagram(PeerAddress To, ReadOnlyMemory<byte> Bytes);
