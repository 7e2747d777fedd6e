namespace CcBt.Core.Session;

/// <summary>Where a <see cref="StartSequence"/> stands.</summary>
internal enum StartStage
{
    /// <summary>Nothing has been ordered.</summary>
    NotBegun = 0,

    /// <summary>The metadata of a magnet link is being asked for, for as long as it takes.</summary>
    WaitingForMetadata = 1,

    /// <summary>The files are being opened.</summary>
    OpeningStorage = 2,

    /// <summary>The files are being hashed, for as long as it takes.</summary>
    Checking = 3,

    /// <summary>The picker is being given what is already there.</summary>
    Arming = 4,

    /// <summary>Started.</summary>
    Done = 5,

    /// <summary>On the way back: the check is being stopped.</summary>
    StoppingCheck = 6,

    /// <summary>On the way back: the files are being closed.</summary>
    ClosingStorage = 7,

    /// <summary>Failed, and everything is taken back.</summary>
    Failed = 8,

    /// <summary>Cancelled, and everything is taken back.</summary>
    Cancelled = 9,
}
