using CcBt.Core.Addressing;

namespace CcBt.Core.Swarm;

/// <summary>Figures of one link at a moment; rates in bytes a second.</summary>
internal readonly record struct LinkSnapshot
{
    public PeerAddress Address { get; init; }

    public bool IsOutbound { get; init; }

    public bool IsSeed { get; init; }

    /// <summary>The pieces that the peer is known to have.</summary>
    public int PieceCount { get; init; }

    public bool AmInterested { get; init; }

    public bool AmUnchoking { get; init; }

    public bool PeerInterested { get; init; }

    public bool PeerChoking { get; init; }

    public bool IsSnubbed { get; init; }

    public double DownloadRate { get; init; }

    public double UploadRate { get; init; }

    public long Downloaded { get; init; }

    public long Uploaded { get; init; }

    /// <summary>Requests open, and how many may be.</summary>
    public int BlocksInFlight { get; init; }

    public int Window { get; init; }

    /// <summary>Verified pieces that it had a part in.</summary>
    public int GoodPieces { get; init; }
}
