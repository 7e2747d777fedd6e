using CcBt.Core.Wire;

namespace CcBt.Core.Simulation.Clients;

/// <summary>How a machine's client differs from the library: what it does not understand, and what it keeps to itself.</summary>
/// <param name="Ignores">Messages that it does not read.</param>
/// <param name="Withholds">Messages that it does not send; in place of its pieces, it says that it has none (BEP 6).</param>
internal sealed record SimHabits(IReadOnlySet<PeerMessageKind> Ignores, IReadOnlySet<PeerMessageKind> Withholds)
{
    private static readonly IReadOnlySet<PeerMessageKind> s_none = new HashSet<PeerMessageKind>();

    public static SimHabits Own { get; } = new(s_none, s_none);

    /// <summary>Takes no advice which pieces to ask for, like clients without BEP 6.</summary>
    public static SimHabits Unadvised { get; } = Own with { Ignores = new HashSet<PeerMessageKind> { PeerMessageKind.Suggest } };

    /// <summary>Tells nobody what it has.</summary>
    public static SimHabits Secretive { get; } = Own with { Withholds = new HashSet<PeerMessageKind> { PeerMessageKind.Have, PeerMessageKind.Bitfield, PeerMessageKind.HaveAll } };

    public bool MaySend(ref PeerMessage message)
    {
        if (!Withholds.Contains(message.Kind))
            return true;
        if (message.Kind == PeerMessageKind.Have)
            return false;
        message = new PeerMessage(PeerMessageKind.HaveNone);
        return true;
    }
}
