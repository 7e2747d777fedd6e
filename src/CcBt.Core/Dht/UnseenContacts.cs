using CcBt.Core.Addressing;

namespace CcBt.Core.Dht;

/// <summary>
/// Addresses that were named to us and have not answered yet: they wait to be pinged. The ones that the owner
/// named are kept afterwards too, because they are what a node that lost everybody begins with again.
/// </summary>
internal sealed class UnseenContacts
{
    private readonly Queue<PeerAddress> _waiting = [];
    private readonly HashSet<PeerAddress> _waitingSet = [];
    private readonly Dictionary<PeerAddress, NodeId?> _named = [];
    private readonly Queue<PeerAddress> _namedOrder = [];

    public int Waiting => _waiting.Count;

    /// <summary>What the owner named, the newest bound by <see cref="Limits.DhtUnseenContacts"/>, with the id where it was known.</summary>
    public IReadOnlyDictionary<PeerAddress, NodeId?> Named => _named;

    public void Name(PeerAddress address, NodeId? id)
    {
        if (!_named.TryAdd(address, id))
            return;
        _namedOrder.Enqueue(address);
        if (_namedOrder.Count > Limits.DhtUnseenContacts)
            _named.Remove(_namedOrder.Dequeue());
    }

    public void WaitForPing(PeerAddress address)
    {
        if (_waiting.Count < Limits.DhtUnseenContacts && _waitingSet.Add(address))
            _waiting.Enqueue(address);
    }

    public bool TryTake(out PeerAddress address)
    {
        if (!_waiting.TryDequeue(out address))
            return false;
        _waitingSet.Remove(address);
        return true;
    }
}
