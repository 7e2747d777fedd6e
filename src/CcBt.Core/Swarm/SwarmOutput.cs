using CcBt.Core.Addressing;
using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

/// <summary>One thing for the owner to do; which members count goes by <see cref="Kind"/>.</summary>
internal readonly record struct SwarmOutput(SwarmOutputKind Kind, int Link = 0)
{
    public PeerAddress Address { get; init; }

    public SwarmCloseReason Reason { get; init; }

    public PeerMessage Message { get; init; }

    /// <summary>Outstanding leases at which the link reports at the latest.</summary>
    public int ReportMark { get; init; }

    public int Piece { get; init; }

    public PexDelta? Pex { get; init; }

    /// <summary>Where the blocks of a lease or a cancel lie in the outbox.</summary>
    internal int FirstBlock { get; init; }

    internal int BlockCount { get; init; }
}
