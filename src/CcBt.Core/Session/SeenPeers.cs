using CcBt.Core.Addressing;

namespace CcBt.Core.Session;

/// <summary>
/// The addresses that a session was told of, so that a discovery can be counted on the thread that made it. Thread-safe.
/// An address is forgotten after half an hour, and earlier when there are too many.
/// </summary>
internal sealed class SeenPeers(TimeProvider time, OwnAddresses own)
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(30);

    private readonly object _gate = new();
    private readonly Dictionary<PeerAddress, long> _seen = [];
    private readonly Queue<(PeerAddress Address, long Stamp)> _order = new();
    private readonly HashSet<PeerAddress> _banned = [];

    public SeenResult Add(PeerAddress address)
    {
        if (address.Port == 0 || address.Classify() == AddressClass.Unusable || own.Contains(address))
            return SeenResult.Refused;
        long now = time.GetTimestamp();
        lock (_gate)
        {
            if (_banned.Contains(address.WithPort(0)))
                return SeenResult.Refused;
            Forget(now);
            bool isNew = !_seen.ContainsKey(address);
            if (isNew)
            {
                _seen[address] = now;
                _order.Enqueue((address, now));
            }
            return isNew ? SeenResult.New : SeenResult.Known;
        }
    }

    /// <summary>An address that sent bad data is refused, whatever its port, for the session's life.</summary>
    public void Ban(PeerAddress address)
    {
        lock (_gate)
        {
            if (_banned.Count < Limits.SeenPeers)
                _banned.Add(address.WithPort(0));
        }
    }

    private void Forget(long now)
    {
        while (_order.TryPeek(out (PeerAddress Address, long Stamp) oldest)
            && (_order.Count > Limits.SeenPeers || time.GetElapsedTime(oldest.Stamp, now) > Memory))
        {
            _order.Dequeue();
            _seen.Remove(oldest.Address);
        }
    }
}
