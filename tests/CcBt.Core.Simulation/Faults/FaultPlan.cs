namespace CcBt.Core.Simulation.Faults;

/// <summary>Counts the points at which something can fail, and strikes at one of them.</summary>
internal sealed class FaultPlan
{
    /// <summary>Points that were passed so far.</summary>
    public long Points { get; private set; }

    /// <summary>The number of the point that fails, from 1; 0 for none.</summary>
    public long At { get; set; }

    public FaultKind Kind { get; set; }

    /// <summary>Passes a point; true when it is the one that fails.</summary>
    public bool Strikes() => ++Points == At;

    /// <summary>How the call at the point ends.</summary>
    public Exception? ErrorFor(string what) => Kind switch
    {
        FaultKind.Error => new TorrentStorageException(TorrentErrorCode.StorageFailure, "The simulated disk failed a call.", what, isTransient: true),
        FaultKind.Cancelled => new OperationCanceledException($"The simulated call '{what}' was cancelled."),
        FaultKind.Unforeseen => new NotImplementedException($"The simulated call '{what}' failed in a way that nobody foresaw."),
        _ => null,
    };
}
