namespace CcBt.Core.Tests.Session;

/// <summary>What the model test does to a gate.</summary>
public enum GateCommand
{
    Start,
    Knock,
    Hold,
    Release,
    Succeed,
    Fail,
    FailForGood,
    Close,
    AdvanceHalf,
    AdvanceOne,
    AdvanceThree,
    AdvanceSixtyOne,
}
