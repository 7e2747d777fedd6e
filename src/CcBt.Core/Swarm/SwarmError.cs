namespace CcBt.Core.Swarm;

/// <summary>How a peer broke the protocol; the owner closes its link.</summary>
internal enum SwarmError
{
    None = 0,
    UnknownLink,
    IndexOutOfRange,

    /// <summary>Its length or its spare bits do not fit the torrent.</summary>
    BadBitfield,

    /// <summary>Have-all or have-none came after another claim, or too many bitfields came.</summary>
    SecondBitfield,

    /// <summary>A message of BEP 6 though one side did not offer it.</summary>
    FastNotAgreed,

    /// <summary>Rejects for requests that were never sent.</summary>
    UnaskedReject,
}
