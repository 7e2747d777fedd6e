using CcBt.Core.Addressing;
using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

/// <summary>What each peer was told of the others (BEP 11): at most once a minute, only who is linked, and who has gone since.</summary>
internal sealed class PexBook(LinkTable links, Outbox outbox)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(Limits.PexSeconds);

    public void Advance(TimeSpan now)
    {
        foreach (SwarmLink link in links.All)
        {
            if (!link.TakesPex || link.IsClosing || now < link.PexDueAt)
                continue;
            link.PexDueAt = now + Every;
            if (Compare(link) is { } delta)
                outbox.Add(new SwarmOutput(SwarmOutputKind.Pex, link.Id) { Pex = delta });
        }
    }

    private PexDelta? Compare(SwarmLink link)
    {
        HashSet<PeerAddress> told = link.PexTold ??= [];
        HashSet<PeerAddress> linked = [];
        List<PexPeer> added = [];
        bool toGlobal = link.Address.Classify() == AddressClass.Global;
        foreach (SwarmLink other in links.All)
        {
            PeerAddress address = other.ListenAddress;
            // A local address means nothing, or something else, to a peer on the other side of the net.
            if (other == link || other.IsClosing || address.Port == 0 || address == link.ListenAddress
                || (toGlobal && address.Classify() != AddressClass.Global) || !linked.Add(address))
                continue;
            if (added.Count < Limits.PexAddresses && told.Add(address))
                added.Add(new PexPeer(address, FlagsOf(other)));
        }
        List<PeerAddress> dropped = [];
        foreach (PeerAddress address in told)
        {
            if (dropped.Count < Limits.PexAddresses && !linked.Contains(address))
                dropped.Add(address);
        }
        told.ExceptWith(dropped);
        return added.Count + dropped.Count == 0 ? null : new PexDelta(added, dropped);
    }

    private static PexFlags FlagsOf(SwarmLink link)
        => (link.IsSeed || link.UploadOnly ? PexFlags.UploadOnly : PexFlags.None) | (link.IsOutbound ? PexFlags.Reachable : PexFlags.None);
}
