namespace CcBt.Core.Wire;

/// <summary>How a peer broke the protocol.</summary>
internal enum WireErrorCode : byte
{
    None = 0,

    /// <summary>The length does not fit the message's kind.</summary>
    WrongLength,

    /// <summary>The length is above the bound of the message's kind.</summary>
    TooLong,

    /// <summary>A piece index that the torrent does not have.</summary>
    PieceOutOfRange,

    /// <summary>A message of the fast extension on a link that does not use it (BEP 6).</summary>
    FastNotEnabled,

    /// <summary>The bitfield sets bits behind the last piece.</summary>
    SpareBits,
}
