namespace CcBt.Core;

internal static partial class Limits
{
    /// <summary>Seconds for an operating-system call of a start: a disk that spins up needs 15, a dead one never answers.</summary>
    public const int StartCallSeconds = 30;

    /// <summary>Seconds for taking a start back: a dispose has to return in about this time, whatever hangs.</summary>
    public const int StartUnwindSeconds = 5;
}
