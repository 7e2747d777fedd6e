namespace CcBt.Core.Trackers;

/// <summary>Why an announce is made; the numbers up to <see cref="Stopped"/> are those of BEP 15.</summary>
internal enum AnnounceEvent
{
    /// <summary>A regular announce.</summary>
    None = 0,
    Completed = 1,
    Started = 2,
    Stopped = 3,

    /// <summary>A partial seed says so with every announce (BEP 21); UDP has no number for it.</summary>
    Paused = 4,
}
