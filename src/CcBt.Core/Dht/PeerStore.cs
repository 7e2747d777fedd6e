using CcBt.Core.Addressing;

namespace CcBt.Core.Dht;

/// <summary>The peers that others have announced to us, for half an hour each.</summary>
internal sealed class PeerStore(bool isV6, DhtNodeOptions options)
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(30);

    private readonly Dictionary<NodeId, StoredSwarm> _swarms = [];

    public int TorrentCount => _swarms.Count;

    public int PeerCount
    {
        get
        {
            int count = 0;
            foreach (StoredSwarm swarm in _swarms.Values)
                count += swarm.Count;
            return count;
        }
    }

    /// <summary>What the peers take of the memory; the torrents around them take about a hundred bytes each.</summary>
    public long Bytes
    {
        get
        {
            long bytes = 0;
            foreach (StoredSwarm swarm in _swarms.Values)
                bytes += swarm.Bytes;
            return bytes;
        }
    }

    /// <summary>Stores a peer. In a full store the torrent with the fewest peers gives way.</summary>
    public void Add(NodeId infoHash, PeerAddress peer, TimeSpan now)
    {
        if (peer.IsV6 != isV6)
            return;
        if (!_swarms.TryGetValue(infoHash, out StoredSwarm? swarm))
        {
            if (_swarms.Count >= options.MaxStoredTorrents)
                RemoveSmallest();
            swarm = new StoredSwarm(isV6);
            _swarms.Add(infoHash, swarm);
        }
        swarm.Add(peer, (int)now.TotalSeconds, options.MaxStoredPeersPerTorrent);
    }

    /// <summary>The living peers of a torrent; null when there are none.</summary>
    public StoredSwarm? Find(NodeId infoHash, TimeSpan now)
    {
        if (!_swarms.TryGetValue(infoHash, out StoredSwarm? swarm))
            return null;
        swarm.Expire(OldestSecond(now));
        return swarm.Count > 0 ? swarm : null;
    }

    /// <summary>Forgets what is too old; to be called now and then.</summary>
    public void Sweep(TimeSpan now)
    {
        foreach ((NodeId infoHash, StoredSwarm swarm) in _swarms)
        {
            swarm.Expire(OldestSecond(now));
            // Removing does not disturb the enumeration of a dictionary.
            if (swarm.Count == 0)
                _swarms.Remove(infoHash);
        }
    }

    private static int OldestSecond(TimeSpan now) => (int)(now - s_lifetime).TotalSeconds;

    private void RemoveSmallest()
    {
        NodeId smallest = default;
        int count = int.MaxValue;
        foreach ((NodeId infoHash, StoredSwarm swarm) in _swarms)
        {
            if (swarm.Count < count)
                (smallest, count) = (infoHash, swarm.Count);
        }
        _swarms.Remove(smallest);
    }
}
