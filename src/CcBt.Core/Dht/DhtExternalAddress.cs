using CcBt.Core.Addressing;

namespace CcBt.Core.Dht;

/// <summary>Enough nodes of distinct networks agree on where they see us (BEP 42). The node id was renewed when it did not fit. <c>Former</c> is what they agreed on before.</summary>
internal sealed record DhtExternalAddress(PeerAddress Address, bool NodeIdChanged, PeerAddress? Former) : DhtEvent;
