namespace CcBt.Core.Mutation.Mutants;

/// <summary>What one mutant changes.</summary>
internal enum MutantKind
{
    /// <summary>A condition counts as its opposite.</summary>
    ConditionNegated,

    /// <summary>Less becomes less or equal, and so on.</summary>
    BoundaryShifted,

    /// <summary>The constant bound of an ordering comparison is one higher.</summary>
    BoundPlusOne,

    /// <summary>The constant bound of an ordering comparison is one lower.</summary>
    BoundMinusOne,

    /// <summary>An early return or throw never happens.</summary>
    EarlyReturnRemoved,

    /// <summary>An early return or throw always happens.</summary>
    EarlyReturnForced,

    /// <summary>A method answers the opposite truth.</summary>
    ReturnNegated,
}
