using CcBt.Core.Addressing;

namespace CcBt.Core.Trackers;

/// <summary>
/// Decides which torrents are announced on the local network when, and what is believed of what comes from there (BEP 14). Private torrents must never be
/// added. Call <see cref="Advance"/> at <see cref="NextDeadline"/>, and take the hashes to announce and the peers found after each call.
/// </summary>
internal sealed class LocalDiscovery(string cookie)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(Limits.LocalDiscoveryIntervalSeconds);
    private static readonly TimeSpan RoundInterval = TimeSpan.FromSeconds(Limits.LocalDiscoveryRoundSeconds);

    /// <summary>Torrents that are added together share a round.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromSeconds(1);

    private readonly Dictionary<InfoHash, TimeSpan> _due = [];
    private readonly Queue<InfoHash[]> _announces = new();
    private readonly Queue<(InfoHash, PeerAddress)> _found = new();
    private TimeSpan _earliestRound = TimeSpan.MinValue;
    private TimeSpan _secondEnd = TimeSpan.MinValue;
    private int _readInSecond;

    /// <summary>Tells our own announces from others'.</summary>
    public string Cookie { get; } = cookie;

    public TimeSpan? NextDeadline
    {
        get
        {
            if (_due.Count == 0)
                return null;
            TimeSpan due = _due.Values.Min();
            return due > _earliestRound ? due : _earliestRound;
        }
    }

    /// <summary>Messages that were not read because too many came.</summary>
    public long Flooded { get; private set; }

    public void Add(InfoHash hash, TimeSpan now) => _due.TryAdd(hash, now + Gathering);

    public void Remove(InfoHash hash) => _due.Remove(hash);

    public void Handle(PeerAddress from, ReadOnlySpan<byte> datagram, TimeSpan now)
    {
        if (now >= _secondEnd)
        {
            _secondEnd = now + TimeSpan.FromSeconds(1);
            _readInSecond = 0;
        }
        if (_readInSecond >= Limits.LocalDiscoveryPerSecond)
        {
            Flooded++;
            return;
        }
        if (!LocalDiscoveryMessage.TryParse(datagram, out LocalDiscoveryMessage message))
        {
            _readInSecond++;
            return;
        }
        // Our own come back over every interface; they must not use up what others may send.
        if (message.Cookie == Cookie)
            return;
        _readInSecond++;
        // A link-local IPv6 address is worth nothing without its interface, which a peer address does not hold.
        if (from.Classify() == AddressClass.Unusable || (from.IsV6 && from.Classify() == AddressClass.LinkLocal))
            return;
        foreach (InfoHash hash in message.Hashes.Where(_due.ContainsKey))
            _found.Enqueue((hash, from.WithPort(message.Port)));
    }

    public void Advance(TimeSpan now)
    {
        if (NextDeadline is not TimeSpan deadline || deadline > now)
            return;
        // Whoever is due before the next round could be goes along.
        InfoHash[] round = [.. _due.Where(pair => pair.Value <= now + RoundInterval).OrderBy(pair => pair.Value).Select(pair => pair.Key)
            .Take(Limits.LocalDiscoveryRoundDatagrams * LocalDiscoveryMessage.HashesPerDatagram)];
        foreach (InfoHash hash in round)
            _due[hash] = now + Interval;
        foreach (InfoHash[] hashes in round.Chunk(LocalDiscoveryMessage.HashesPerDatagram))
            _announces.Enqueue(hashes);
        _earliestRound = now + RoundInterval;
    }

    /// <summary>Hashes for one datagram, to be sent on every interface.</summary>
    public bool TryTakeAnnounce(out InfoHash[] hashes) => _announces.TryDequeue(out hashes!);

    public bool TryTakeFound(out (InfoHash Hash, PeerAddress Peer) found) => _found.TryDequeue(out found);
}
