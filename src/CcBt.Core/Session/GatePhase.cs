namespace CcBt.Core.Session;

/// <summary>The phases of a start gate. <see cref="Started"/> can only be followed by <see cref="Closed"/>, and that by nothing.</summary>
internal enum GatePhase
{
    /// <summary>Nothing has begun.</summary>
    Idle = 0,

    /// <summary>An attempt is in flight.</summary>
    Starting = 1,

    /// <summary>An attempt has failed; the retry timer runs, or, after the delay, waits for the gate to be released.</summary>
    BackingOff = 2,

    /// <summary>An attempt has failed for a reason that time does not mend; only a call begins again.</summary>
    Faulted = 3,

    /// <summary>The start has succeeded.</summary>
    Started = 4,

    /// <summary>Nothing begins any more.</summary>
    Closed = 5,
}
