namespace CcBt.Core.Swarm;

/// <summary>Figures of one torrent's swarm at a moment; rates in bytes a second.</summary>
internal readonly record struct SwarmSnapshot
{
    public int Links { get; init; }

    public int Seeds { get; init; }

    public int HalfOpen { get; init; }

    public int Candidates { get; init; }

    public int Banned { get; init; }

    /// <summary>Peers that we let download.</summary>
    public int Unchoked { get; init; }

    /// <summary>Complete copies among the linked peers; while nothing is missing, the seeds alone.</summary>
    public double DistributedCopies { get; init; }

    public double DownloadRate { get; init; }

    public double UploadRate { get; init; }

    public long MissingBytes { get; init; }

    /// <summary>Blocks that are requested.</summary>
    public int BlocksInFlight { get; init; }

    public int OpenPieces { get; init; }

    /// <summary>Bytes that came and were of no use.</summary>
    public long WastedBytes { get; init; }
}
