namespace CcBt.Core.Wire;

/// <summary>How long the body of each kind of message, behind its id, must or may be.</summary>
internal static class PeerMessageLengths
{
    private const int Variable = -1;

    /// <summary>Whether messages of this kind have one length and consist of numbers.</summary>
    public static bool IsFixed(PeerMessageKind kind) => FixedLength(kind) != Variable;

    /// <summary>The body's length of a kind that has one length, or -1.</summary>
    public static int FixedLength(PeerMessageKind kind) => kind switch
    {
        PeerMessageKind.Choke or PeerMessageKind.Unchoke or PeerMessageKind.Interested or PeerMessageKind.NotInterested => 0,
        PeerMessageKind.HaveAll or PeerMessageKind.HaveNone => 0,
        PeerMessageKind.Have or PeerMessageKind.Suggest or PeerMessageKind.AllowedFast => 4,
        PeerMessageKind.Request or PeerMessageKind.Cancel or PeerMessageKind.Reject => 12,
        PeerMessageKind.Port => 2,
        _ => Variable,
    };

    /// <summary>What is wrong with a body of this length; a piece count of -1 is not known yet.</summary>
    public static WireErrorCode Check(PeerMessageKind kind, int body, int pieceCount, bool useFast)
    {
        if (!useFast && IsFast(kind))
            return WireErrorCode.FastNotEnabled;
        return kind switch
        {
            PeerMessageKind.Piece => Within(body, 8 + 1, 8 + BlockAddress.Size),
            PeerMessageKind.Bitfield when pieceCount >= 0 => body == PieceSet.ByteLength(pieceCount) ? WireErrorCode.None : WireErrorCode.WrongLength,
            PeerMessageKind.Bitfield => Within(body, 0, Limits.BitfieldBytes),
            PeerMessageKind.Extended => Within(body, 1, Limits.ExtendedMessageBytes + 1),
            _ when IsFixed(kind) => CheckFixed(kind, body),
            _ => Within(body, 0, Limits.UnknownMessageBytes),
        };
    }

    private static bool IsFast(PeerMessageKind kind)
        => kind is PeerMessageKind.Suggest or PeerMessageKind.HaveAll or PeerMessageKind.HaveNone or PeerMessageKind.Reject or PeerMessageKind.AllowedFast;

    private static WireErrorCode CheckFixed(PeerMessageKind kind, int body)
        => body == FixedLength(kind) ? WireErrorCode.None : WireErrorCode.WrongLength;

    private static WireErrorCode Within(int body, int least, int most)
        => body > most ? WireErrorCode.TooLong : body < least ? WireErrorCode.WrongLength : WireErrorCode.None;
}
