namespace CcBt.Core.Wire;

/// <summary>
/// A message of the peer protocol other than a piece, whose payload never passes through here.
/// <see cref="Block"/> holds the numbers (a single index is its piece; a port is its piece as well);
/// <see cref="Payload"/> holds a bitfield, or the body of an extended message behind its id.
/// </summary>
internal readonly record struct PeerMessage(PeerMessageKind Kind, BlockAddress Block = default, byte ExtendedId = 0, ReadOnlyMemory<byte> Payload = default)
{
    public int Index => Block.Piece;

    public static PeerMessage Have(int piece) => new(PeerMessageKind.Have, new BlockAddress(piece, 0, 0));

    public static PeerMessage Request(in BlockAddress block) => new(PeerMessageKind.Request, block);

    public static PeerMessage Cancel(in BlockAddress block) => new(PeerMessageKind.Cancel, block);

    public static PeerMessage Reject(in BlockAddress block) => new(PeerMessageKind.Reject, block);

    public static PeerMessage AllowedFast(int piece) => new(PeerMessageKind.AllowedFast, new BlockAddress(piece, 0, 0));

    public static PeerMessage Port(ushort port) => new(PeerMessageKind.Port, new BlockAddress(port, 0, 0));

    public static PeerMessage Bitfield(ReadOnlyMemory<byte> bits) => new(PeerMessageKind.Bitfield, Payload: bits);

    public static PeerMessage Extended(byte id, ReadOnlyMemory<byte> body) => new(PeerMessageKind.Extended, ExtendedId: id, Payload: body);
}
