using CcBt.Core.Addressing;

namespace CcBt.Core.Session;

/// <summary>A peer announced itself on the local network (BEP 14).</summary>
internal sealed class LocalPeerMessage(InfoHash infoHash, PeerAddress peer) : ClientMessage
{
    public override void Apply(ClientCore core, TimeSpan now)
    {
        if (core.Find(infoHash) is { TakesPeers: true } session)
            core.InSession(session, now, (s, _) => s.Front.Door.Report(KnockSource.LocalDiscovery, [peer], lookupEnded: false));
    }
}
