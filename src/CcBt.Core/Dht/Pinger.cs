using CcBt.Core.Addressing;

namespace CcBt.Core.Dht;

/// <summary>Pings nodes of the table that may be dead, and contacts that have not answered yet: of those a few at once, the rest wait.</summary>
internal sealed class Pinger(RoutingTable table, QuerySender sender)
{
    private readonly Queue<PeerAddress> _waiting = [];
    private readonly HashSet<PeerAddress> _waitingSet = [];
    private int _pings;

    public void Ping(PeerAddress address, TimeSpan now)
    {
        if (sender.Send(new PendingQuery(QueryKind.Ping, address), table.OwnId, false, now))
            _pings++;
    }

    /// <summary>Pings a contact that was named to us, at once or when others have answered.</summary>
    public void PingUnseen(PeerAddress address, TimeSpan now)
    {
        if (_waiting.Count < Limits.DhtUnseenContacts && _waitingSet.Add(address))
            _waiting.Enqueue(address);
        PingWaiting(now);
    }

    /// <summary>A query was answered or lost; when it was a ping, the next may go.</summary>
    public void Done(PendingQuery query, TimeSpan now)
    {
        if (query.Kind != QueryKind.Ping)
            return;
        _pings--;
        PingWaiting(now);
    }

    private void PingWaiting(TimeSpan now)
    {
        while (_pings < Limits.DhtUnseenPings && _waiting.TryDequeue(out PeerAddress address))
        {
            _waitingSet.Remove(address);
            if (table.Find(address) is null or { IsBad: true })
                Ping(address, now);
        }
    }
}
