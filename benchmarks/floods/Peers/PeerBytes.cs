using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace CcBt.Core.Floods.Peers;

/// <summary>Messages of the peer protocol, written without the library's help (BEP 3, 6, 10, 11).</summary>
internal static class PeerBytes
{
    public const int BlockLength = 16 << 10;
    public const int HandshakeLength = 68;
    public const byte ChokeId = 0;
    public const byte UnchokeId = 1;
    public const byte RequestId = 6;
    public const byte PieceId = 7;
    public const byte RejectId = 16;
    public const byte ExtendedId = 20;

    /// <summary>The number under which these peers, and the library, take peer exchange; the library's own is learnt from its handshake.</summary>
    public const byte OwnPexId = 1;

    public static byte[] Interested { get; } = [0, 0, 0, 1, 2];

    public static byte[] Unchoke { get; } = [0, 0, 0, 1, UnchokeId];

    public static byte[] HaveAll { get; } = [0, 0, 0, 1, 14];

    public static byte[] HaveNone { get; } = [0, 0, 0, 1, 15];

    /// <summary>The opening of a peer with a name of its own that speaks the fast and the extension protocol.</summary>
    public static byte[] Handshake(ReadOnlySpan<byte> infoHash, int peer)
    {
        var bytes = new byte[HandshakeLength];
        bytes[0] = 19;
        "BitTorrent protocol"u8.CopyTo(bytes.AsSpan(1));
        bytes[25] = 0x10;
        bytes[27] = 0x04;
        infoHash.CopyTo(bytes.AsSpan(28));
        Encoding.ASCII.GetBytes($"-FL0001-{peer:D12}", bytes.AsSpan(48));
        return bytes;
    }

    public static void WriteRequest(Span<byte> to, int piece, int begin, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(to, 13);
        to[4] = RequestId;
        BinaryPrimitives.WriteInt32BigEndian(to[5..], piece);
        BinaryPrimitives.WriteInt32BigEndian(to[9..], begin);
        BinaryPrimitives.WriteInt32BigEndian(to[13..], length);
    }

    public static byte[] Extended(byte id, ReadOnlySpan<byte> body)
    {
        var bytes = new byte[6 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, 2 + body.Length);
        bytes[4] = ExtendedId;
        bytes[5] = id;
        body.CopyTo(bytes.AsSpan(6));
        return bytes;
    }

    public static byte[] ExtensionHandshake { get; } = Extended(0, "d1:md6:ut_pexi1eee"u8);

    /// <summary>Peer exchange that names addresses.</summary>
    public static byte[] Pex(byte id, ReadOnlySpan<IPEndPoint> added)
    {
        var body = new List<byte>(Encoding.ASCII.GetBytes($"d5:added{added.Length * 6}:"));
        foreach (IPEndPoint peer in added)
        {
            body.AddRange(peer.Address.GetAddressBytes());
            body.Add((byte)(peer.Port >> 8));
            body.Add((byte)peer.Port);
        }
        body.AddRange(Encoding.ASCII.GetBytes($"7:added.f{added.Length}:"));
        body.AddRange(new byte[added.Length]);
        body.Add((byte)'e');
        return Extended(id, body.ToArray());
    }
}
