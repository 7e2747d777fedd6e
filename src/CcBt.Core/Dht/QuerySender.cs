using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using CcBt.Core.Addressing;

namespace CcBt.Core.Dht;

/// <summary>
/// Our queries on their way. An answer belongs to one when it carries its random 32-bit transaction id and comes from
/// exactly the address that was asked. All queries have the same time limit, so they run out in the order of sending.
/// </summary>
internal sealed class QuerySender(Random random, Outbox outbox, KrpcWriter writer, DhtNodeOptions options)
{
    private readonly Dictionary<uint, PendingQuery> _pending = [];
    private readonly Queue<PendingQuery> _untilOverdue = [];
    private readonly Queue<PendingQuery> _untilLost = [];
    private readonly RoundTripEstimate _roundTrip = new();

    public int Count => _pending.Count;

    /// <summary>When the next query becomes overdue or lost.</summary>
    public TimeSpan NextDeadline
    {
        get
        {
            TimeSpan next = TimeSpan.MaxValue;
            if (TryPeek(_untilOverdue, out PendingQuery? overdue))
                next = overdue.SentAt + _roundTrip.Overdue;
            if (TryPeek(_untilLost, out PendingQuery? lost) && lost.SentAt + options.QueryTimeout < next)
                next = lost.SentAt + options.QueryTimeout;
            return next;
        }
    }

    /// <summary>Sends the query. False when too many wait already.</summary>
    public bool Send(PendingQuery query, NodeId ownId, bool wantBothFamilies, TimeSpan now)
    {
        if (_pending.Count >= Limits.DhtPendingQueries)
            return false;
        query.SentAt = now;
        do
            query.Transaction = (uint)random.NextInt64(1L << 32);
        while (!_pending.TryAdd(query.Transaction, query));
        _untilOverdue.Enqueue(query);
        _untilLost.Enqueue(query);
        writer.Query(query, ownId, options.IsReadOnly, wantBothFamilies);
        outbox.Send(query.To, writer.Written);
        return true;
    }

    /// <summary>The query that this answers, which then waits no more; null for an answer that nobody asked for.</summary>
    public PendingQuery? Match(ReadOnlySpan<byte> transaction, PeerAddress from, TimeSpan now)
    {
        if (transaction.Length != Limits.DhtOwnTransactionBytes
            || !_pending.TryGetValue(BinaryPrimitives.ReadUInt32BigEndian(transaction), out PendingQuery? query)
            || query.To != from)
            return null;
        _pending.Remove(query.Transaction);
        query.IsDone = true;
        _roundTrip.Add(now - query.SentAt);
        return query;
    }

    /// <summary>Announces of the torrent are not repeated any more.</summary>
    public void Withdraw(NodeId target)
    {
        foreach (PendingQuery query in _pending.Values)
        {
            if (query.Kind == QueryKind.AnnouncePeer && query.Target == target)
                query.RepeatsLeft = 0;
        }
    }

    /// <summary>Takes a query whose answer is overdue; an answer still counts.</summary>
    public bool TryTakeOverdue(TimeSpan now, [NotNullWhen(true)] out PendingQuery? query)
        => TryPeek(_untilOverdue, out query) && query.SentAt + _roundTrip.Overdue <= now && _untilOverdue.TryDequeue(out query);

    /// <summary>Takes a query that was given up.</summary>
    public bool TryTakeLost(TimeSpan now, [NotNullWhen(true)] out PendingQuery? query)
    {
        if (!TryPeek(_untilLost, out query) || query.SentAt + options.QueryTimeout > now)
            return false;
        _untilLost.Dequeue();
        _pending.Remove(query.Transaction);
        query.IsDone = true;
        return true;
    }

    private static bool TryPeek(Queue<PendingQuery> queue, [NotNullWhen(true)] out PendingQuery? query)
    {
        while (queue.TryPeek(out query) && query.IsDone)
            queue.Dequeue();
        return query is not null;
    }
}
