namespace CcBt.Core.Wire;

/// <summary>What a peer announces in the reserved bytes of its handshake.</summary>
[Flags]
internal enum HandshakeFeatures
{
    None = 0,
    Extended = 1,
    Dht = 2,
    Fast = 4,
    V2 = 8,
}
