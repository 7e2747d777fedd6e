namespace CcBt.Core.Wire;

/// <summary>Which part of a message a <see cref="PeerReader"/> waits for.</summary>
internal enum PeerReaderStage : byte
{
    Length = 0,
    Id,
    ExtendedId,
    PieceHead,
    Fixed,
    Body,
    Payload,
    Skipped,
}
