namespace CcBt.Core.Wire;

/// <summary>
/// The 68 bytes that open a connection (BEP 3):
/// <code>
/// | 19 | "BitTorrent protocol" 19 | reserved 8 | info hash 20 | peer id 20 |
/// </code>
/// Reserved bits: extended messages (BEP 10), DHT port (BEP 5), fast (BEP 6), version 2 (BEP 52).
/// </summary>
internal readonly record struct Handshake(InfoHash InfoHash, PeerId PeerId, HandshakeFeatures Features)
{
    public const int Length = 68;
}
