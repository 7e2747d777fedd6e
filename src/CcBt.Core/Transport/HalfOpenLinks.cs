using CcBt.Core.Addressing;

namespace CcBt.Core.Transport;

/// <summary>
/// Inbound links whose handshake has not come, bounded in all and for each global address. When all places are taken, the oldest one
/// that has had its chance makes room, so that a slow-loris does not shut the door for others. Thread-safe.
/// </summary>
internal sealed class HalfOpenLinks
{
    // An honest handshake comes within a round trip.
    private const int ChanceSeconds = 2;

    private readonly object _gate = new();
    private readonly LinkedList<TcpPeerLink> _order = [];
    private readonly Dictionary<TcpPeerLink, LinkedListNode<TcpPeerLink>> _nodes = [];
    private readonly Dictionary<PeerAddress, int> _perAddress = [];

    public int Count
    {
        get
        {
            lock (_gate)
                return _order.Count;
        }
    }

    /// <summary>Takes a place; false when there is none. The caller closes <paramref name="evicted"/>.</summary>
    public bool TryAdd(TcpPeerLink link, out TcpPeerLink? evicted)
    {
        evicted = null;
        PeerAddress address = link.Remote.WithPort(0);
        lock (_gate)
        {
            int here = _perAddress.GetValueOrDefault(address);
            if (here >= Limits.HalfOpenInboundPerAddress && address.Classify() == AddressClass.Global)
                return false;
            if (_order.Count >= Limits.HalfOpenInbound)
            {
                evicted = _order.First!.Value;
                if (evicted.Clock.SecondsInPhase < ChanceSeconds)
                    return false;
                RemoveLocked(evicted);
            }
            _perAddress[address] = _perAddress.GetValueOrDefault(address) + 1;
            _nodes[link] = _order.AddLast(link);
            return true;
        }
    }

    public void Remove(TcpPeerLink link)
    {
        lock (_gate)
            RemoveLocked(link);
    }

    private void RemoveLocked(TcpPeerLink link)
    {
        if (!_nodes.Remove(link, out LinkedListNode<TcpPeerLink>? node))
            return;
        _order.Remove(node);
        PeerAddress address = link.Remote.WithPort(0);
        if (--_perAddress[address] == 0)
            _perAddress.Remove(address);
    }
}
