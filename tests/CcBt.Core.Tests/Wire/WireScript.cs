using System.Buffers;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Wire;

/// <summary>Builds streams of peer messages for tests.</summary>
internal sealed class WireScript
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public byte[] Bytes => _bytes.WrittenSpan.ToArray();

    /// <summary>One message of every kind, with small pieces, so that every split can be tried.</summary>
    public static byte[] EveryKind(int payloadLength = 40)
    {
        WireScript script = new();
        foreach (PeerMessage message in SomeMessages())
            script.Add(message);
        return script
            .AddPiece(new BlockAddress(3, 16384, payloadLength), 1)
            .AddPiece(new BlockAddress(4, 0, payloadLength), 2)
            .AddRaw(77, [1, 2, 3])
            .AddRaw(20, [200, 9, 9])
            .AddRaw(78, [])
            .Add(PeerMessage.Have(2))
            .Bytes;
    }

    public static IEnumerable<PeerMessage> SomeMessages()
    {
        BlockAddress block = new(7, 32768, 16384);
        yield return PeerMessage.Bitfield(new byte[] { 0xA5, 0x80 });
        yield return new PeerMessage(PeerMessageKind.HaveAll);
        yield return new PeerMessage(PeerMessageKind.HaveNone);
        yield return new PeerMessage(PeerMessageKind.Choke);
        yield return new PeerMessage(PeerMessageKind.Unchoke);
        yield return new PeerMessage(PeerMessageKind.Interested);
        yield return new PeerMessage(PeerMessageKind.NotInterested);
        yield return new PeerMessage(PeerMessageKind.KeepAlive);
        yield return PeerMessage.Have(8);
        yield return PeerMessage.Request(block);
        yield return PeerMessage.Cancel(block);
        yield return PeerMessage.Reject(block);
        yield return PeerMessage.AllowedFast(1);
        yield return new PeerMessage(PeerMessageKind.Suggest, new BlockAddress(5, 0, 0));
        yield return PeerMessage.Port(51413);
        yield return PeerMessage.Extended(ExtensionIds.Handshake, "d1:md6:ut_pexi1eee"u8.ToArray());
        yield return PeerMessage.Extended(ExtensionIds.Metadata, new byte[] { 1, 2, 3, 4, 5 });
        yield return PeerMessage.Extended(ExtensionIds.Pex, ReadOnlyMemory<byte>.Empty);
    }

    public WireScript Add(in PeerMessage message)
    {
        PeerWriter.Write(message, _bytes);
        return this;
    }

    public WireScript AddPiece(BlockAddress block, int seed)
    {
        var payload = new byte[block.Length];
        new Random(seed).NextBytes(payload);
        PeerWriter.WritePieceHead(block, _bytes.GetSpan(PeerWriter.PieceHeadLength));
        _bytes.Advance(PeerWriter.PieceHeadLength);
        _bytes.Write(payload);
        return this;
    }

    public WireScript AddRaw(byte id, byte[] body, uint? claimedLength = null)
    {
        uint length = claimedLength ?? (uint)(body.Length + 1);
        _bytes.Write([(byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, id]);
        _bytes.Write(body);
        return this;
    }
}
