namespace CcBt.Core.Storage;

/// <summary>
/// What came out of loading a state file: the newest copy that can be used, and what is wrong with the current one. A payload
/// with a <see cref="Fault"/> is older than it should be.
/// </summary>
internal sealed record StateLoad(ReadOnlyMemory<byte> Payload, StateCopy Copy, StateFault Fault, string Place)
{
    public bool IsUsable => Copy != StateCopy.None;

    /// <summary>The fault in words, for the log; null when there is none, or no state was ever saved.</summary>
    public string? Trouble
    {
        get
        {
            if (Fault is StateFault.None || (Fault is StateFault.Missing && Copy is not StateCopy.Former))
                return null;
            string what = Fault switch
            {
                StateFault.NewerVersion => "was written by a newer version",
                StateFault.Unreadable => "cannot be read",
                StateFault.Missing => "is missing",
                _ => "is damaged",
            };
            return $"'{Place}' {what}; {(IsUsable ? "its former copy is used" : "nothing of it is used, and files are checked anew")}";
        }
    }
}
