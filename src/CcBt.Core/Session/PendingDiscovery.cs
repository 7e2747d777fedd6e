using CcBt.Core.Addressing;

namespace CcBt.Core.Session;

/// <summary>Discoveries of one source that will be one event.</summary>
internal sealed class PendingDiscovery
{
    private readonly HashSet<PeerAddress> _peers = [];

    public IReadOnlyCollection<PeerAddress> Peers => _peers;

    public int NewPeers { get; private set; }

    public bool LookupEnded { get; private set; }

    public void Add(IReadOnlyCollection<PeerAddress> peers, int newPeers, bool lookupEnded)
    {
        foreach (PeerAddress peer in peers)
            _peers.Add(peer);
        NewPeers += newPeers;
        LookupEnded |= lookupEnded;
    }
}
