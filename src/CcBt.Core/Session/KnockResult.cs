namespace CcBt.Core.Session;

/// <summary>What a knock at the start gate came to.</summary>
internal enum KnockResult
{
    /// <summary>This knock began the start.</summary>
    Begun = 0,

    /// <summary>A start is in flight; nothing was begun.</summary>
    Joined = 1,

    /// <summary>The start has succeeded, once and for ever.</summary>
    AlreadyStarted = 2,

    /// <summary>An attempt failed and its delay has not passed; after a permanent failure it never passes, only a call begins again.</summary>
    BackingOff = 3,

    /// <summary>The session is paused or not armed.</summary>
    Held = 4,

    /// <summary>The session is closed.</summary>
    Closed = 5,
}
