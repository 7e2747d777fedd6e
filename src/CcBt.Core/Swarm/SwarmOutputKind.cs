namespace CcBt.Core.Swarm;

/// <summary>What the swarm asks its owner to do.</summary>
internal enum SwarmOutputKind
{
    None = 0,

    /// <summary>Connect to <see cref="SwarmOutput.Address"/>; answered by link opened or dial failed.</summary>
    Dial,

    /// <summary>Close the link for <see cref="SwarmOutput.Reason"/>; link closed still comes.</summary>
    Close,

    /// <summary>Refuse <see cref="SwarmOutput.Address"/> from now on (port 0: every port).</summary>
    Ban,

    /// <summary>Send <see cref="SwarmOutput.Message"/>.</summary>
    Send,

    /// <summary>Lease <see cref="TorrentSwarm.Blocks"/> to the link, with <see cref="SwarmOutput.ReportMark"/>.</summary>
    Lease,

    /// <summary>Take <see cref="TorrentSwarm.Blocks"/> back; those that the link does not hold are no error.</summary>
    CancelBlocks,

    Unchoke,
    Choke,

    /// <summary>Allow the link, which has next to nothing, the pieces of its allowed-fast set (BEP 6).</summary>
    AllowFast,

    /// <summary>Have the link report what came since its last report, so that a slow peer is not taken for a silent one.</summary>
    FlushReport,

    /// <summary>Give up the partly received <see cref="SwarmOutput.Piece"/>: nobody can finish it or it is not wanted any more.</summary>
    DiscardPiece,

    /// <summary>Send <see cref="SwarmOutput.Pex"/> (BEP 11).</summary>
    Pex,

    /// <summary>Every wanted piece is verified.</summary>
    Completed,
}
