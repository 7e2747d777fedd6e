namespace CcBt.Core.Session;

/// <summary>The atomic steps of the gate: between two of them any other thread may run.</summary>
internal enum GatePoint
{
    /// <summary>About to read the state.</summary>
    Read,

    /// <summary>About to replace the state by compare-and-swap.</summary>
    Swap,

    /// <summary>Has won the swap and is about to report the attempt and hand its body to the thread pool.</summary>
    Launch,

    /// <summary>About to run the body of the start.</summary>
    Run,

    /// <summary>Has freed the gate after a failure and is about to arm the retry timer.</summary>
    Arm,

    /// <summary>Has closed the gate and is about to cancel the attempt in flight.</summary>
    Cancel,
}
