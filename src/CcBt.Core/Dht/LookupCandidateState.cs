namespace CcBt.Core.Dht;

/// <summary>Where a lookup stands with one of its candidates.</summary>
internal enum LookupCandidateState
{
    Fresh = 0,

    /// <summary>Asked, and the answer is not overdue.</summary>
    Asked,

    /// <summary>Asked, and the answer is overdue: another is asked meanwhile, but an answer still counts.</summary>
    Slow,
    Answered,
    Failed,
}
