namespace CcBt.Core.Swarm;

/// <summary>Higher ones are begun first; within one the rarest is.</summary>
internal enum PiecePriority : byte
{
    Normal = 0,
    High = 1,

    /// <summary>Needed at once, for instance to play.</summary>
    Urgent = 2,
}
