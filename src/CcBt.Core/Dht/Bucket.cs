using CcBt.Core.Addressing;

namespace CcBt.Core.Dht;

/// <summary>At most eight nodes that share a prefix, and behind them nodes that wait for one of those to die.</summary>
internal sealed class Bucket
{
    public List<TableNode> Nodes { get; } = new(Limits.DhtBucketNodes);

    /// <summary>Answered nodes for which there was no room; the newest is last.</summary>
    public List<TableNode> Replacements { get; } = [];

    /// <summary>When a node was added, replaced or answered; after 15 minutes without it the bucket is refreshed.</summary>
    public TimeSpan ChangedAt { get; set; }

    /// <summary>When a lookup for nodes of the bucket began.</summary>
    public TimeSpan RefreshedAt { get; set; } = TimeSpan.MinValue;

    public bool IsFull => Nodes.Count >= Limits.DhtBucketNodes;

    /// <summary>Nothing happened in it for 15 minutes, or it has room and nodes for it were not looked for in that time.</summary>
    public bool NeedsRefresh(TimeSpan now)
    {
        if (RefreshedAt != TimeSpan.MinValue && now - RefreshedAt < TableNode.Freshness)
            return false;
        return !IsFull || now - ChangedAt >= TableNode.Freshness;
    }

    public TableNode? Find(NodeId id)
    {
        foreach (TableNode node in Nodes)
        {
            if (node.Id == id)
                return node;
        }
        return null;
    }

    /// <summary>The node that holds the place of a global address's network: one per /24 or /64.</summary>
    public TableNode? FindNetwork(TableNode other)
    {
        if (other.Class != AddressClass.Global)
            return null;
        PeerAddress network = other.Address.Network();
        foreach (TableNode node in Nodes)
        {
            if (node.Class == AddressClass.Global && node.Address.Network() == network)
                return node;
        }
        return null;
    }

    /// <summary>Which node gives way to the new one: a bad one, or for a compliant node one that is not. Null when none does.</summary>
    public TableNode? Victim(TableNode newcomer)
    {
        TableNode? victim = null;
        foreach (TableNode node in Nodes)
        {
            if (node.IsBad)
                return node;
            if (newcomer.IsCompliant && !node.IsCompliant)
                victim ??= node;
        }
        return victim;
    }

    /// <summary>The questionable node that was silent the longest; null when all are good.</summary>
    public TableNode? Questionable(TimeSpan now)
    {
        TableNode? oldest = null;
        foreach (TableNode node in Nodes)
        {
            if (!node.IsGood(now) && (oldest is null || node.AnsweredAt < oldest.AnsweredAt))
                oldest = node;
        }
        return oldest;
    }

    public void AddReplacement(TableNode node)
    {
        Replacements.RemoveAll(other => other.Address == node.Address || other.Id == node.Id);
        if (Replacements.Count >= Limits.DhtReplacementNodes)
        {
            int weakest = Replacements.FindIndex(other => !other.IsCompliant);
            Replacements.RemoveAt(Math.Max(weakest, 0));
        }
        Replacements.Add(node);
    }
}
