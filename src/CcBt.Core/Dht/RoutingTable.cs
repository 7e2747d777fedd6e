using CcBt.Core.Addressing;

namespace CcBt.Core.Dht;

/// <summary>
/// The routing table of BEP 5. Bucket i holds nodes that share exactly i leading bits with our id, the last one all
/// that share more; only it is split. A node enters once it has answered us, never on hearsay. Of global addresses
/// the table takes one node each, and a bucket one of each /24 or /64.
/// </summary>
internal sealed class RoutingTable(NodeId ownId)
{
    private readonly List<Bucket> _buckets = [new Bucket()];
    private readonly Dictionary<PeerAddress, TableNode> _byPlace = [];

    public NodeId OwnId { get; private set; } = ownId;

    /// <summary>How many nodes the buckets hold, bad ones included.</summary>
    public int Count => _byPlace.Count;

    public int BucketCount => _buckets.Count;

    /// <summary>How many nodes are not bad.</summary>
    public int LiveCount
    {
        get
        {
            int live = 0;
            foreach (TableNode node in _byPlace.Values)
                live += node.IsBad ? 0 : 1;
            return live;
        }
    }

    /// <summary>Whether any node is not bad.</summary>
    public bool HasLive
    {
        get
        {
            foreach (TableNode node in _byPlace.Values)
            {
                if (!node.IsBad)
                    return true;
            }
            return false;
        }
    }

    public IEnumerable<TableNode> Nodes => _byPlace.Values;

    public TableNode? Find(PeerAddress address)
        => _byPlace.TryGetValue(Place(address), out TableNode? node) && node.Address == address ? node : null;

    /// <summary>
    /// A node answered. Returns a questionable node that should be pinged because the newcomer waits for its place,
    /// or null.
    /// </summary>
    public TableNode? Answered(NodeContact contact, TimeSpan now)
    {
        if (contact.Id == OwnId)
            return null;
        if (_byPlace.TryGetValue(Place(contact.Address), out TableNode? known))
        {
            if (known.Contact == contact)
            {
                known.Answered(now);
                BucketOf(known.Id).ChangedAt = now;
                return null;
            }
            // Another id at one address: neither is believed until the next answer. Another port: the one that lives stays.
            bool changedId = known.Address == contact.Address;
            if (!changedId && !known.IsBad)
                return null;
            Remove(known);
            if (changedId)
                return null;
        }
        return Insert(new TableNode(contact, now), now);
    }

    /// <summary>A node of the table asked us something, which keeps it good. False when the table does not know it.</summary>
    public bool Queried(NodeContact contact, TimeSpan now)
    {
        if (Find(contact.Address) is not { } node)
            return false;
        if (node.Id == contact.Id)
            node.Queried(now);
        return true;
    }

    /// <summary>A query to the address had no answer in time. Returns the node when it should be asked once more, since another waits for its place.</summary>
    public TableNode? Failed(PeerAddress address)
    {
        if (Find(address) is not { } node)
            return null;
        node.Failed();
        Bucket bucket = BucketOf(node.Id);
        if (bucket.Replacements.Count == 0)
            return null;
        if (!node.IsBad)
            return node;
        Remove(node);
        Promote(bucket);
        return null;
    }

    /// <summary>Whether a node with this id, once it answers, would enter a bucket now.</summary>
    public bool HasRoomFor(NodeContact contact, TimeSpan now)
    {
        if (contact.Id == OwnId || _byPlace.ContainsKey(Place(contact.Address)))
            return false;
        Bucket bucket = BucketOf(contact.Id);
        return !bucket.IsFull || (ReferenceEquals(bucket, _buckets[^1]) && _buckets.Count < 160)
            || bucket.Questionable(now) is not null;
    }

    /// <summary>
    /// Fills <paramref name="into"/> with the nodes closest to the target, the closest first, and returns how many there are. Buckets have an order, too:
    /// the one that the target belongs to is the closest; all behind it are next, whose nodes part from the target in the same bit; then one by one those before
    /// it. What a full result leaves out is farther than all in it, so most buckets are not looked at.
    /// </summary>
    public int Closest(NodeId target, Span<NodeContact> into, NodeChoice choice, TimeSpan now)
    {
        int count = 0, own = Math.Min((target ^ OwnId).LeadingZeros, _buckets.Count - 1);
        Take(_buckets[own], target, into, ref count, choice, now);
        bool isFull = count == into.Length;
        for (int i = own + 1; i < _buckets.Count && !isFull; i++)
            Take(_buckets[i], target, into, ref count, choice, now);
        for (int i = own - 1; i >= 0 && count < into.Length; i--)
            Take(_buckets[i], target, into, ref count, choice, now);
        return count;
    }

    /// <summary>An id inside a bucket that needs a refresh, or null; the bucket then counts as refreshed.</summary>
    public NodeId? NextRefresh(TimeSpan now, Random random)
    {
        if (Count == 0)
            return null;
        for (int i = 0; i < _buckets.Count; i++)
        {
            if (!_buckets[i].NeedsRefresh(now))
                continue;
            _buckets[i].RefreshedAt = now;
            return IdInBucket(i, random);
        }
        return null;
    }

    /// <summary>Takes a new id of our own and sorts all nodes anew.</summary>
    public void ChangeOwnId(NodeId ownId, TimeSpan now)
    {
        List<TableNode> nodes = [.. _byPlace.Values];
        foreach (Bucket bucket in _buckets)
            nodes.AddRange(bucket.Replacements);
        OwnId = ownId;
        _byPlace.Clear();
        _buckets.Clear();
        _buckets.Add(new Bucket());
        foreach (TableNode node in nodes)
        {
            if (node.Id != ownId && !_byPlace.ContainsKey(Place(node.Address)))
                Insert(node, now);
        }
    }

    /// <summary>Rules for addresses bind global ones: there a node's place is its address whatever its port.</summary>
    private static PeerAddress Place(PeerAddress address)
        => address.Classify() == AddressClass.Global ? address.WithPort(0) : address;

    private TableNode? Insert(TableNode node, TimeSpan now)
    {
        while (true)
        {
            Bucket bucket = BucketOf(node.Id);
            if (!MakeWay(bucket.Find(node.Id)) || !MakeWay(bucket.FindNetwork(node)))
                return null;
            if (bucket.IsFull && ReferenceEquals(bucket, _buckets[^1]) && _buckets.Count < 160)
            {
                Split();
                continue;
            }
            if (bucket.IsFull && bucket.Victim(node) is { } victim)
                Remove(victim);
            if (bucket.IsFull)
            {
                bucket.AddReplacement(node);
                return bucket.Questionable(now);
            }
            Place(bucket, node);
            bucket.ChangedAt = now;
            return null;
        }
    }

    /// <summary>A node that holds the newcomer's id or network goes only when it is bad.</summary>
    private bool MakeWay(TableNode? holder)
    {
        if (holder is { IsBad: false })
            return false;
        if (holder is not null)
            Remove(holder);
        return true;
    }

    private void Promote(Bucket bucket)
    {
        for (int i = bucket.Replacements.Count - 1; i >= 0 && !bucket.IsFull; i--)
        {
            TableNode node = bucket.Replacements[i];
            bucket.Replacements.RemoveAt(i);
            if (!_byPlace.ContainsKey(Place(node.Address)) && bucket.Find(node.Id) is null && bucket.FindNetwork(node) is null)
                Place(bucket, node);
        }
    }

    private void Place(Bucket bucket, TableNode node)
    {
        bucket.Nodes.Add(node);
        _byPlace[Place(node.Address)] = node;
    }

    private void Remove(TableNode node)
    {
        BucketOf(node.Id).Nodes.Remove(node);
        _byPlace.Remove(Place(node.Address));
    }

    private void Split()
    {
        Bucket old = _buckets[^1];
        var next = new Bucket { ChangedAt = old.ChangedAt, RefreshedAt = old.RefreshedAt };
        int index = _buckets.Count - 1;
        _buckets.Add(next);
        foreach (TableNode node in old.Nodes)
        {
            if ((node.Id ^ OwnId).LeadingZeros > index)
                next.Nodes.Add(node);
        }
        old.Nodes.RemoveAll(node => (node.Id ^ OwnId).LeadingZeros > index);
    }

    private Bucket BucketOf(NodeId id) => _buckets[Math.Min((id ^ OwnId).LeadingZeros, _buckets.Count - 1)];

    private NodeId IdInBucket(int index, Random random)
    {
        Span<byte> id = stackalloc byte[NodeId.Length];
        Span<byte> own = stackalloc byte[NodeId.Length];
        random.NextBytes(id);
        OwnId.CopyTo(own);
        int whole = index / 8, bit = index % 8;
        own[..whole].CopyTo(id);
        // The bits before the index are ours, and the one at the index is not, except in the last bucket.
        int keep = 0xFF00 >> bit & 0xFF, flip = index == _buckets.Count - 1 ? 0 : 0x80 >> bit;
        if (flip != 0)
            id[whole] = (byte)((id[whole] & ~(keep | flip)) | (own[whole] & keep) | (~own[whole] & flip));
        else
            id[whole] = (byte)((id[whole] & ~keep) | (own[whole] & keep));
        return new NodeId(id);
    }

    private static void Take(Bucket bucket, NodeId target, Span<NodeContact> into, ref int count, NodeChoice choice, TimeSpan now)
    {
        foreach (TableNode node in bucket.Nodes)
        {
            if (choice switch { NodeChoice.Good => node.IsGood(now), NodeChoice.Live => !node.IsBad, _ => true })
                InsertByDistance(node.Contact, target, into, ref count);
        }
    }

    private static void InsertByDistance(NodeContact contact, NodeId target, Span<NodeContact> into, ref int count)
    {
        NodeId distance = contact.Id ^ target;
        int at = count;
        while (at > 0 && distance.CompareTo(into[at - 1].Id ^ target) < 0)
            at--;
        if (at >= into.Length)
            return;
        if (count < into.Length)
            count++;
        into[at..(count - 1)].CopyTo(into[(at + 1)..]);
        into[at] = contact;
    }
}
