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

    private const int ReservedAt = 20;
    private const int InfoHashAt = 28;
    private const int PeerIdAt = 48;

    private static ReadOnlySpan<byte> Protocol => "\u0013BitTorrent protocol"u8;

    /// <summary>Whether the bytes, however few, can begin a handshake; lets a stranger be refused before 68 bytes came.</summary>
    public static bool CanBegin(ReadOnlySpan<byte> bytes)
    {
        int known = Math.Min(bytes.Length, Protocol.Length);
        return bytes[..known].SequenceEqual(Protocol[..known]);
    }

    /// <summary>Reads the first 68 bytes. False when there are fewer or when they name another protocol.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Handshake handshake)
    {
        handshake = default;
        if (bytes.Length < Length || !CanBegin(bytes))
            return false;
        ReadOnlySpan<byte> reserved = bytes[ReservedAt..InfoHashAt];
        HandshakeFeatures features = HandshakeFeatures.None;
        if ((reserved[5] & 0x10) != 0)
            features |= HandshakeFeatures.Extended;
        if ((reserved[7] & 0x01) != 0)
            features |= HandshakeFeatures.Dht;
        if ((reserved[7] & 0x04) != 0)
            features |= HandshakeFeatures.Fast;
        if ((reserved[7] & 0x10) != 0)
            features |= HandshakeFeatures.V2;
        handshake = new Handshake(new InfoHash(bytes[InfoHashAt..PeerIdAt]), new PeerId(bytes[PeerIdAt..Length]), features);
        return true;
    }

    /// <summary>Writes the 68 bytes.</summary>
    public void Write(Span<byte> destination)
    {
        Protocol.CopyTo(destination);
        Span<byte> reserved = destination[ReservedAt..InfoHashAt];
        reserved.Clear();
        if ((Features & HandshakeFeatures.Extended) != 0)
            reserved[5] |= 0x10;
        if ((Features & HandshakeFeatures.Dht) != 0)
            reserved[7] |= 0x01;
        if ((Features & HandshakeFeatures.Fast) != 0)
            reserved[7] |= 0x04;
        if ((Features & HandshakeFeatures.V2) != 0)
            reserved[7] |= 0x10;
        InfoHash.CopyTo(destination[InfoHashAt..]);
        PeerId.CopyTo(destination[PeerIdAt..]);
    }
}
