using CcBt.Core.Addressing;

namespace CcBt.Core.Trackers;

/// <summary>
/// The exchanges with one address of a UDP tracker (BEP 15): a connection id is fetched when needed and used for a minute, and lost datagrams are sent
/// again after 15 * 2^n seconds. Call <see cref="Advance"/> at <see cref="NextDeadline"/>, and take datagrams and outcomes after each call.
/// </summary>
internal sealed class UdpTrackerConversation(PeerAddress tracker, Random random)
{
    private readonly List<UdpTrackerExchange> _exchanges = [];
    private readonly Queue<byte[]> _datagrams = new();
    private readonly Queue<UdpTrackerOutcome> _outcomes = new();
    private ulong _connection;
    private TimeSpan _connectedUntil = TimeSpan.MinValue;
    private uint _connectTransaction;
    private int _connectSends;
    private TimeSpan _connectSentAt;
    private TimeSpan? _connectDue;

    public PeerAddress Tracker { get; } = tracker;

    public bool IsIdle => _exchanges.Count == 0;

    /// <summary>Nothing is asked, and no connection id is worth keeping.</summary>
    public bool IsOver(TimeSpan now) => IsIdle && now >= _connectedUntil;

    public TimeSpan? NextDeadline
    {
        get
        {
            TimeSpan? next = _connectDue;
            foreach (UdpTrackerExchange exchange in _exchanges)
            {
                next = Earlier(next, exchange.Until);
                if (exchange.Due is TimeSpan due)
                    next = Earlier(next, due);
            }
            return next;
        }
    }

    /// <summary>Begins an announce. <paramref name="urlData"/> is the URL's path and query (BEP 41); <paramref name="until"/> is when it is given up.</summary>
    public void Announce(int requestId, AnnounceRequest request, string urlData, TimeSpan until, TimeSpan now)
        => Begin(new UdpTrackerExchange { RequestId = requestId, Transaction = NewTransaction(), Until = until, Announce = request, UrlData = urlData }, now);

    /// <summary>Begins a scrape of up to 74 swarms.</summary>
    public void Scrape(int requestId, ReadOnlySpan<InfoHash> hashes, TimeSpan until, TimeSpan now)
        => Begin(new UdpTrackerExchange { RequestId = requestId, Transaction = NewTransaction(), Until = until, Scrape = hashes[..Math.Min(hashes.Length, Limits.ScrapeHashes)].ToArray() }, now);

    /// <summary>Forgets a request without an outcome.</summary>
    public void Cancel(int requestId) => _exchanges.RemoveAll(exchange => exchange.RequestId == requestId);

    /// <summary>Takes a datagram that came from <see cref="Tracker"/>. False when it answers nothing that was asked.</summary>
    public bool Handle(ReadOnlySpan<byte> datagram, TimeSpan now)
    {
        if (!UdpTrackerPackets.TryReadHeader(datagram, out int action, out uint transaction))
            return false;
        if (_connectDue is not null && transaction == _connectTransaction)
            return HandleConnect(action, datagram, now);
        UdpTrackerExchange? exchange = _exchanges.Find(e => e.Transaction == transaction && e.Sends > 0);
        UdpTrackerOutcome? outcome = exchange is null ? null : Read(exchange, action, datagram);
        if (outcome is null)
            return false;
        _exchanges.Remove(exchange!);
        _outcomes.Enqueue(outcome);
        return true;
    }

    public void Advance(TimeSpan now)
    {
        foreach (UdpTrackerExchange exchange in _exchanges.Where(e => e.Until <= now))
            _outcomes.Enqueue(new UdpTrackerOutcome(exchange.RequestId, null, null, TrackerFailure.TimedOut));
        _exchanges.RemoveAll(e => e.Until <= now);
        foreach (UdpTrackerExchange exchange in _exchanges)
        {
            if (exchange.Due <= now)
                Send(exchange, now);
        }
        if (_connectDue <= now)
            SendConnect(now);
    }

    public bool TryTakeDatagram(out ReadOnlyMemory<byte> datagram)
    {
        bool taken = _datagrams.TryDequeue(out byte[]? bytes);
        datagram = bytes;
        return taken;
    }

    public bool TryTakeOutcome(out UdpTrackerOutcome outcome) => _outcomes.TryDequeue(out outcome!);

    private void Begin(UdpTrackerExchange exchange, TimeSpan now)
    {
        _exchanges.Add(exchange);
        Send(exchange, now);
    }

    private void Send(UdpTrackerExchange exchange, TimeSpan now)
    {
        if (now >= _connectedUntil)
        {
            exchange.Due = null;
            if (_connectDue is not null)
            {
                HastenConnect(exchange, now);
                return;
            }
            // The doubling goes on across connects: a tracker that has fallen silent is not asked faster.
            _connectTransaction = NewTransaction();
            _connectSends = exchange.Sends;
            SendConnect(now);
            return;
        }
        _datagrams.Enqueue(exchange.Announce is AnnounceRequest request
            ? UdpTrackerPackets.Announce(_connection, exchange.Transaction, request, exchange.UrlData, Tracker.IsV6)
            : UdpTrackerPackets.Scrape(_connection, exchange.Transaction, exchange.Scrape));
        exchange.Due = now + Patience(exchange.Sends++);
    }

    /// <summary>Who joins a connect that was lost a few times does not wait for the long pauses of those before, only for its own.</summary>
    private void HastenConnect(UdpTrackerExchange exchange, TimeSpan now)
    {
        TimeSpan due = _connectSentAt + Patience(exchange.Sends);
        if (due >= _connectDue)
            return;
        _connectSends = due > now ? exchange.Sends + 1 : exchange.Sends;
        _connectDue = due > now ? due : now;
    }

    private void SendConnect(TimeSpan now)
    {
        if (!_exchanges.Exists(e => e.Due is null))
        {
            _connectDue = null;
            return;
        }
        _datagrams.Enqueue(UdpTrackerPackets.Connect(_connectTransaction));
        _connectSentAt = now;
        _connectDue = now + Patience(_connectSends++);
    }

    private bool HandleConnect(int action, ReadOnlySpan<byte> datagram, TimeSpan now)
    {
        if (action == UdpTrackerPackets.ActionError)
        {
            _connectDue = null;
            string reason = UdpTrackerPackets.ReadError(datagram);
            foreach (UdpTrackerExchange exchange in _exchanges.Where(e => e.Due is null))
                _outcomes.Enqueue(Refused(exchange, reason));
            _exchanges.RemoveAll(e => e.Due is null);
            return true;
        }
        if (action != UdpTrackerPackets.ActionConnect || !UdpTrackerPackets.TryReadConnection(datagram, out _connection))
            return false;
        _connectDue = null;
        _connectedUntil = now + TimeSpan.FromSeconds(Limits.UdpConnectionSeconds);
        foreach (UdpTrackerExchange exchange in _exchanges)
        {
            if (exchange.Due is null)
                Send(exchange, now);
        }
        return true;
    }

    private UdpTrackerOutcome? Read(UdpTrackerExchange exchange, int action, ReadOnlySpan<byte> datagram)
    {
        switch (action)
        {
            case UdpTrackerPackets.ActionError:
                // It may be the connection id that the tracker does not like; the next request fetches a new one.
                _connectedUntil = TimeSpan.MinValue;
                return Refused(exchange, UdpTrackerPackets.ReadError(datagram));
            case UdpTrackerPackets.ActionAnnounce when exchange.Announce is not null:
                return UdpTrackerPackets.TryReadAnnounce(datagram, Tracker.IsV6, out AnnounceReply reply)
                    ? new UdpTrackerOutcome(exchange.RequestId, reply, null, TrackerFailure.None)
                    : new UdpTrackerOutcome(exchange.RequestId, null, null, TrackerFailure.InvalidAnswer);
            case UdpTrackerPackets.ActionScrape when exchange.Announce is null:
                return new UdpTrackerOutcome(exchange.RequestId, null, UdpTrackerPackets.ReadScrape(datagram, exchange.Scrape), TrackerFailure.None);
            default:
                return null;
        }
    }

    private static UdpTrackerOutcome Refused(UdpTrackerExchange exchange, string reason) => exchange.Announce is null
        ? new UdpTrackerOutcome(exchange.RequestId, null, new ScrapeReply([], reason), TrackerFailure.Refused)
        : new UdpTrackerOutcome(exchange.RequestId, new AnnounceReply { FailureReason = reason }, null, TrackerFailure.Refused);

    private uint NewTransaction()
    {
        uint transaction;
        do
            transaction = (uint)random.NextInt64(1L << 32);
        while ((_connectDue is not null && transaction == _connectTransaction) || _exchanges.Exists(e => e.Transaction == transaction));
        return transaction;
    }

    private static TimeSpan Patience(int sends) => TimeSpan.FromSeconds(15 << Math.Min(sends, Limits.UdpTrackerRetransmissions));

    private static TimeSpan Earlier(TimeSpan? a, TimeSpan b) => a < b ? a.Value : b;
}
