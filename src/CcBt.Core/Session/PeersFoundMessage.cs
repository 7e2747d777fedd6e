using CcBt.Core.Addressing;

namespace CcBt.Core.Session;

/// <summary>Peers on their way from a discovery to the session's pool.</summary>
internal sealed class PeersFoundMessage(SessionCore session, ReadOnlyMemory<PeerAddress> peers, KnockSource source) : SessionMessage(session)
{
    protected override void Apply(SessionCore session, TimeSpan now) => session.AddPeers(peers.Span, source, now);
}
