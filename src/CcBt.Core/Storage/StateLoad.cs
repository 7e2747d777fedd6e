namespace CcBt.Core.Storage;

/// <summary>
/// What came out of loading a state file: the newest copy that can be used, and what is wrong with the current one. A payload
/// with a <see cref="Fault"/> is older than it should be.
/// </summary>
internal sealed record StateLoad(ReadOnlyMemory<byte> Payload, StateCopy Copy, StateFault Fault, string Place)
{
    public bool IsUsable => Copy != StateCopy.None;

    /// <summary>The fault as an error to report; null when there is none, or no state was ever saved.</summary>
    public TorrentStorageException? ToError()
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
        string then = IsUsable ? "its former copy is used" : "nothing of it is used, and files are checked anew";
        return new TorrentStorageException(TorrentErrorCode.InvalidState, $"The state file '{Place}' {what}; {then}.", Place, isTransient: false);
    }
}
