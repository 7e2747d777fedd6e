using CcBt.Core.Addressing;

namespace CcBt.Core.Swarm;

/// <summary>The open links, and the addresses of those that were, for verdicts that come late.</summary>
internal sealed class LinkTable
{
    private readonly Dictionary<int, SwarmLink> _byId = [];
    private readonly Dictionary<int, PeerAddress> _former = [];
    private readonly Queue<int> _formerOrder = new();
    private readonly List<SwarmLink> _all = [];

    public List<SwarmLink> All => _all;

    public int Count => _all.Count;

    /// <summary>Whether a peer that still downloads has something: those that never tell of any piece, and may want nothing but to take, do not count.</summary>
    public bool AnySharer => _all.Exists(static link => !link.IsClosing && !link.IsSeed && link.Pieces.Set is { IsEmpty: false });

    public SwarmLink? Find(int id) => _byId.GetValueOrDefault(id);

    public void Add(SwarmLink link)
    {
        _byId.Add(link.Id, link);
        _all.Add(link);
    }

    public void Remove(SwarmLink link)
    {
        _byId.Remove(link.Id);
        _all.Remove(link);
        _former[link.Id] = link.Address;
        _formerOrder.Enqueue(link.Id);
        if (_formerOrder.Count > Limits.FormerLinks)
            _former.Remove(_formerOrder.Dequeue());
    }

    public bool TryFindAddress(int id, out PeerAddress address)
    {
        if (_byId.TryGetValue(id, out SwarmLink? link))
        {
            address = link.Address;
            return true;
        }
        return _former.TryGetValue(id, out address);
    }
}
