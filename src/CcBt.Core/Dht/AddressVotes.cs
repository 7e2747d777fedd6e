using CcBt.Core.Addressing;

namespace CcBt.Core.Dht;

/// <summary>
/// Where other nodes see us (BEP 42). One node can lie, so an address is believed when it leads among the last voters
/// and voters of enough distinct networks agree on it. Only global voters and addresses count.
/// </summary>
internal sealed class AddressVotes(bool isV6)
{
    private readonly Queue<PeerAddress> _order = [];
    private readonly Dictionary<PeerAddress, PeerAddress> _voteByNetwork = [];

    /// <summary>The address that was believed last.</summary>
    public PeerAddress? Believed { get; private set; }

    /// <summary>Whether several voters name one and the same other address than the believed one.</summary>
    public bool IsDoubted(PeerAddress claimed)
        => Believed is { } believed && !believed.IsSameHost(claimed) && CountOf(claimed) >= Limits.DhtAddressDoubts;

    /// <summary>Forgets all votes, so that a new address needs no majority over those who saw the old one. What was believed stays until then.</summary>
    public void BeginAnew()
    {
        _order.Clear();
        _voteByNetwork.Clear();
    }

    /// <summary>Counts a vote; true when another address than before, port aside, is now believed.</summary>
    public bool Vote(PeerAddress voter, PeerAddress claimed)
    {
        if (claimed.IsV6 != isV6 || voter.Classify() != AddressClass.Global || claimed.Classify() != AddressClass.Global)
            return false;
        PeerAddress network = voter.Network();
        if (!_voteByNetwork.ContainsKey(network))
            _order.Enqueue(network);
        _voteByNetwork[network] = claimed;
        if (_order.Count > Limits.DhtAddressVoters)
            _voteByNetwork.Remove(_order.Dequeue());
        if (Believed is { } believed && believed.IsSameHost(claimed))
            return false;
        int agreed = CountOf(claimed);
        if (agreed < Limits.DhtAddressAgreement || agreed * 2 <= _voteByNetwork.Count)
            return false;
        Believed = claimed;
        return true;
    }

    private int CountOf(PeerAddress address)
    {
        int count = 0;
        foreach (PeerAddress vote in _voteByNetwork.Values)
            count += vote.IsSameHost(address) ? 1 : 0;
        return count;
    }
}
