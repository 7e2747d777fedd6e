using System.Buffers;
using System.Buffers.Binary;

namespace CcBt.Core.Wire;

/// <summary>Encodes peer messages; the payload of a piece goes out behind its head without passing through here.</summary>
internal static class PeerWriter
{
    /// <summary>The bytes before a piece's payload: length, id, index and begin.</summary>
    public const int PieceHeadLength = 13;

    /// <summary>The encoded length of a request, cancel or reject.</summary>
    public const int BlockMessageLength = 17;

    private const int PrefixLength = 5;

    /// <summary>How many bytes <see cref="Write(in PeerMessage, Span{byte})"/> writes.</summary>
    public static int LengthOf(in PeerMessage message) => message.Kind switch
    {
        PeerMessageKind.KeepAlive => 4,
        PeerMessageKind.Bitfield => PrefixLength + message.Payload.Length,
        PeerMessageKind.Extended => PrefixLength + 1 + message.Payload.Length,
        _ => PrefixLength + FixedLength(message.Kind),
    };

    /// <summary>Writes one message and returns its length.</summary>
    public static int Write(in PeerMessage message, Span<byte> destination)
    {
        int length = LengthOf(message);
        BinaryPrimitives.WriteInt32BigEndian(destination, length - 4);
        if (message.Kind == PeerMessageKind.KeepAlive)
            return length;
        destination[4] = (byte)message.Kind;
        Span<byte> body = destination[PrefixLength..length];
        if (message.Kind == PeerMessageKind.Bitfield)
        {
            message.Payload.Span.CopyTo(body);
        }
        else if (message.Kind == PeerMessageKind.Extended)
        {
            body[0] = message.ExtendedId;
            message.Payload.Span.CopyTo(body[1..]);
        }
        else if (message.Kind == PeerMessageKind.Port)
        {
            BinaryPrimitives.WriteUInt16BigEndian(body, (ushort)message.Index);
        }
        else if (body.Length >= 4)
        {
            WriteNumbers(message.Block, body);
        }
        return length;
    }

    /// <summary>Appends one message.</summary>
    public static void Write(in PeerMessage message, IBufferWriter<byte> writer)
        => writer.Advance(Write(message, writer.GetSpan(LengthOf(message))));

    /// <summary>Writes the 13 bytes that go before a block's payload.</summary>
    public static void WritePieceHead(in BlockAddress block, Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination, PieceHeadLength - 4 + block.Length);
        destination[4] = (byte)PeerMessageKind.Piece;
        BinaryPrimitives.WriteInt32BigEndian(destination[5..], block.Piece);
        BinaryPrimitives.WriteInt32BigEndian(destination[9..], block.Begin);
    }

    private static void WriteNumbers(in BlockAddress block, Span<byte> body)
    {
        BinaryPrimitives.WriteInt32BigEndian(body, block.Piece);
        if (body.Length == 4)
            return;
        BinaryPrimitives.WriteInt32BigEndian(body[4..], block.Begin);
        BinaryPrimitives.WriteInt32BigEndian(body[8..], block.Length);
    }

    private static int FixedLength(PeerMessageKind kind) => PeerMessageLengths.IsFixed(kind)
        ? PeerMessageLengths.FixedLength(kind)
        : throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind has no message of its own; a piece is written with WritePieceHead.");
}
