namespace CcBt.Core.Swarm;

/// <summary>What is being done with an address of the pool.</summary>
internal enum CandidateState : byte
{
    Idle = 0,
    Dialing,
    Linked,
}
