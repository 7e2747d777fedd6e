namespace CcBt.Core.Simulation.Faults;

/// <summary>What becomes of an answer that a sweep spoils.</summary>
internal enum FaultKind
{
    /// <summary>The call fails with the error that its edge knows.</summary>
    Error = 0,

    /// <summary>The call ends as cancelled although nobody cancelled it.</summary>
    Cancelled,

    /// <summary>The call throws what nobody foresaw.</summary>
    Unforeseen,

    /// <summary>The answer comes a second time.</summary>
    Twice,

    /// <summary>The answer never comes.</summary>
    Never,
}
