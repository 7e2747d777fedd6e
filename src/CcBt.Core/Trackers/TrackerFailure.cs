namespace CcBt.Core.Trackers;

/// <summary>Why an announce or scrape failed.</summary>
internal enum TrackerFailure
{
    None = 0,

    /// <summary>The tracker answered, and said no.</summary>
    Refused,
    HostNotFound,

    /// <summary>The host has no address of the family that the announce leaves by.</summary>
    NoAddressOfFamily,

    /// <summary>The address is one that a torrent may not make us contact.</summary>
    AddressRefused,
    ConnectFailed,
    TimedOut,
    HttpStatus,
    RedirectRefused,
    AnswerTooLong,
    InvalidAnswer,
    Canceled,
}
