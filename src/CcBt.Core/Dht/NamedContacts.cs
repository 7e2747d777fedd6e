using CcBt.Core.Addressing;

namespace CcBt.Core.Dht;

/// <summary>The nodes that the owner named, the newest of them: what a node that lost everybody begins with again.</summary>
internal sealed class NamedContacts
{
    private readonly Dictionary<PeerAddress, NodeId?> _contacts = [];
    private readonly Queue<PeerAddress> _order = [];

    /// <summary>The addresses, with the ids where they were known.</summary>
    public IReadOnlyDictionary<PeerAddress, NodeId?> All => _contacts;

    public void Add(PeerAddress address, NodeId? id)
    {
        if (!_contacts.TryAdd(address, id))
            return;
        _order.Enqueue(address);
        if (_order.Count > Limits.DhtUnseenContacts)
            _contacts.Remove(_order.Dequeue());
    }
}
