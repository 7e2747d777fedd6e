using CcBt.Core.Addressing;

namespace CcBt.Core.Swarm;

/// <summary>
/// The canonical priority of connections to peers (BEP 40). Both ends compute the same number, so a swarm in which everybody is full agrees on which
/// connections to keep. It exists once the address is known under which the Internet sees us.
/// </summary>
internal sealed class ConnectionPriorities
{
    private PeerAddress? _v4, _v6;

    /// <summary>Whether that was news.</summary>
    public bool SetExternal(PeerAddress own)
    {
        ref PeerAddress? known = ref own.IsV6 ? ref _v6 : ref _v4;
        if (own.Classify() != AddressClass.Global || known == own)
            return false;
        known = own;
        return true;
    }

    /// <summary>Higher is better; null inside a network of our own, and while our address of that family is unknown.</summary>
    public uint? Of(PeerAddress peer)
        => (peer.IsV6 ? _v6 : _v4) is { } own && peer.Classify() == AddressClass.Global ? PeerPriority.Compute(own, peer) : null;
}
