using CcBt.Core.Addressing;

namespace CcBt.Core.Transport;

/// <summary>
/// Inbound links whose handshake has not come, bounded in all and for each global address. When all places are taken, the network (/24, /64) that
/// holds the most gives its oldest up to a newcomer from another one; among equals one goes whose network had to give way before and has sent no
/// handshake since, else the oldest once a handshake would have come. So a slow-loris shuts the door for nobody, however often it comes again, and a
/// burst is turned away at the door instead of being cut down inside. Thread-safe.
/// </summary>
internal sealed class HalfOpenLinks(TimeProvider time)
{
    /// <summary>How long an honest handshake may be under way: it leaves right behind the packet that ends the connect.</summary>
    private static readonly TimeSpan Chance = TimeSpan.FromMilliseconds(50);

    private readonly object _gate = new();
    private readonly LinkedList<(TcpPeerLink Link, long Since)> _order = [];
    private readonly Dictionary<TcpPeerLink, LinkedListNode<(TcpPeerLink Link, long Since)>> _nodes = [];
    private readonly Dictionary<PeerAddress, int> _perAddress = [];
    private readonly Dictionary<PeerAddress, int> _perNetwork = [];
    private readonly HashSet<PeerAddress> _gaveWay = [];

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
                evicted = ChooseFor(address.Network());
                if (evicted is null)
                    return false;
                RemoveLocked(evicted);
                // Too many to be kept are forgotten all at once.
                if (_gaveWay.Count >= Limits.NetworksThatGaveWay)
                    _gaveWay.Clear();
                _gaveWay.Add(evicted.Remote.Network());
            }
            Add(_perAddress, address, 1);
            Add(_perNetwork, address.Network(), 1);
            _nodes[link] = _order.AddLast((link, time.GetTimestamp()));
            return true;
        }
    }

    /// <summary>Frees the place of a link, whose handshake has come or which has ended.</summary>
    public void Remove(TcpPeerLink link, bool hasArrived)
    {
        lock (_gate)
        {
            RemoveLocked(link);
            if (hasArrived)
                _gaveWay.Remove(link.Remote.Network());
        }
    }

    /// <summary>Who makes room for a newcomer from a network; null when everybody has as much right to a place.</summary>
    private TcpPeerLink? ChooseFor(PeerAddress network)
    {
        int most = _perNetwork.Values.Max();
        if (most > _perNetwork.GetValueOrDefault(network) + 1)
            return _order.First(entry => _perNetwork[entry.Link.Remote.Network()] == most).Link;
        (TcpPeerLink? link, long since) = _order.FirstOrDefault(entry => _gaveWay.Contains(entry.Link.Remote.Network()));
        bool hasLessRight = link is not null && !_gaveWay.Contains(network);
        if (link is null)
            (link, since) = _order.First(entry => _perNetwork[entry.Link.Remote.Network()] == most);
        return hasLessRight || time.GetElapsedTime(since) >= Chance ? link : null;
    }

    private void RemoveLocked(TcpPeerLink link)
    {
        if (!_nodes.Remove(link, out LinkedListNode<(TcpPeerLink Link, long Since)>? node))
            return;
        _order.Remove(node);
        Add(_perAddress, link.Remote.WithPort(0), -1);
        Add(_perNetwork, link.Remote.Network(), -1);
    }

    private static void Add(Dictionary<PeerAddress, int> links, PeerAddress of, int more)
    {
        int count = links.GetValueOrDefault(of) + more;
        if (count == 0)
            links.Remove(of);
        else
            links[of] = count;
    }
}
