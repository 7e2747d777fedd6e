namespace CcBt.Core.Mutation.Running;

/// <summary>What became of a mutant.</summary>
internal enum Outcome
{
    /// <summary>A test failed.</summary>
    Killed,

    /// <summary>The tests did not end.</summary>
    Hung,

    /// <summary>The process of the tests ended.</summary>
    Crashed,

    /// <summary>All tests passed that reach the place.</summary>
    Survived,

    /// <summary>No test reaches the place.</summary>
    Unreached,
}
