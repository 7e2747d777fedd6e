using CcBt.Core.Addressing;
using CcBt.Core.BEncoding;

namespace CcBt.Core.Dht;

/// <summary>Everything that a node does of its own: it drives the lookups, pings, bootstraps, refreshes the table and announces.</summary>
internal sealed class LookupDriver(
    bool isV6, RoutingTable table, LookupSet lookups, QuerySender sender, Outbox outbox, Random random)
{
    private static readonly TimeSpan s_maintenance = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_lastRetry = TimeSpan.FromSeconds(60);

    private readonly NamedContacts _contacts = new();
    private readonly Pinger _pinger = new(table, sender);
    private readonly List<PeerAddress> _routers = [];
    private readonly List<NodeContact> _named = [];
    private TimeSpan _nextMaintenance = TimeSpan.MaxValue;
    private TimeSpan _nextRetry = TimeSpan.MaxValue;
    private TimeSpan _retryDelay = s_firstRetry;

    public RoutingTable? SiblingTable { get; set; }

    public bool IsBootstrapped { get; private set; }

    public TimeSpan NextDeadline
    {
        get
        {
            TimeSpan next = sender.NextDeadline;
            if (_nextMaintenance < next)
                next = _nextMaintenance;
            return _nextRetry < next ? _nextRetry : next;
        }
    }

    private bool WantsBothFamilies => SiblingTable is { Count: < Limits.DhtBucketNodes };

    /// <summary>Notes that time has begun.</summary>
    public void Begin(TimeSpan now)
    {
        if (_nextMaintenance == TimeSpan.MaxValue)
            _nextMaintenance = now + s_maintenance;
    }

    /// <summary>Lets time pass. True when the regular upkeep was due.</summary>
    public bool Advance(TimeSpan now)
    {
        while (sender.TryTakeOverdue(now, out PendingQuery? query))
            Overdue(query, now);
        while (sender.TryTakeLost(now, out PendingQuery? query))
            Lost(query, now);
        if (_nextRetry <= now)
            Retry(now);
        if (_nextMaintenance > now)
            return false;
        _nextMaintenance = now + s_maintenance;
        Maintain(now);
        return true;
    }

    public void AddNode(PeerAddress address, NodeId? id, TimeSpan now)
    {
        _contacts.Add(address, id);
        EnsureBootstrap(now);
        if (table.Find(address) is { IsBad: false } || Feed(id, address, isRouter: false, now))
            return;
        _pinger.PingUnseen(address, now);
    }

    public void AddRouter(PeerAddress address, TimeSpan now)
    {
        if (_routers.Count >= Limits.DhtRouters || _routers.Contains(address))
            return;
        _routers.Add(address);
        EnsureBootstrap(now);
        Feed(null, address, isRouter: true, now);
    }

    /// <summary>Pings nodes that live, for what they say of our address.</summary>
    public void AskAround(TimeSpan now)
    {
        TableNode[] nodes = [.. table.Nodes.Where(static node => !node.IsBad)];
        random.Shuffle(nodes);
        foreach (TableNode node in nodes.AsSpan(0, Math.Min(nodes.Length, Limits.DhtAddressProbes)))
            _pinger.Ping(node.Address, now);
    }

    /// <summary>The reason why nobody answered may be gone: what waits to be tried again is tried now.</summary>
    public void RetryNow(TimeSpan now)
    {
        _retryDelay = s_firstRetry;
        EnsureBootstrap(now);
        if (_nextRetry != TimeSpan.MaxValue)
            _nextRetry = now;
    }

    /// <summary>A node asked us something: when the table has room for it, it is pinged.</summary>
    public void Heard(NodeContact contact, TimeSpan now)
    {
        if (table.Queried(contact, now) || _routers.Contains(contact.Address) || !table.HasRoomFor(contact, now))
            return;
        _pinger.PingUnseen(contact.Address, now);
    }

    public void Start(Lookup lookup, TimeSpan now)
    {
        if (lookups.Add(lookup))
            Run(lookup, now);
    }

    /// <summary>Runs lookups that waited, after one has ended.</summary>
    public void StartWaiting(TimeSpan now)
    {
        while (lookups.StartNext() is { } lookup)
            Run(lookup, now);
    }

    /// <summary>A node answered our query with an error, or with nonsense: it lives, but is of no use to a lookup.</summary>
    public void Refused(PendingQuery query, TimeSpan now)
    {
        _pinger.Done(query, now);
        FailCandidate(query, now);
    }

    public void Answered(PendingQuery query, NodeContact contact, KrpcReader answer, TimeSpan now)
    {
        _pinger.Done(query, now);
        bool isRouter = _routers.Contains(contact.Address);
        if (!isRouter)
        {
            if (table.Answered(contact, now) is { } questionable)
                _pinger.Ping(questionable.Address, now);
            FeedHungry(contact, except: query.Lookup, now);
        }
        if (query.Kind is QueryKind.FindNode or QueryKind.GetPeers)
            TakeNodes(query, contact.Address, answer, now);
        if (query.Lookup is { IsCancelled: false } lookup)
        {
            ReadOnlySpan<byte> token = answer.Body["token"u8].Bytes;
            bool hasToken = token.Length is > 0 and <= Limits.DhtTokenBytes;
            lookup.Answered(query.Candidate!, contact.Id, hasToken ? token.ToArray() : null);
            if (lookup.Purpose == LookupPurpose.Peers)
                TakePeers(lookup, contact.Address, answer);
            Pump(lookup, now);
        }
    }

    private void TakeNodes(PendingQuery query, PeerAddress from, KrpcReader answer, TimeSpan now)
    {
        AddressClass source = from.Classify();
        _named.Clear();
        CompactNodes.Read(answer.Body[isV6 ? "nodes6"u8 : "nodes"u8].Bytes, isV6, source, _named, Limits.DhtNodesPerAnswer);
        if (query.Lookup is { } lookup)
        {
            foreach (NodeContact node in _named)
            {
                if (node.Id != table.OwnId && !_routers.Contains(node.Address))
                    lookup.Add(node.Id, node.Address, query.Candidate);
            }
        }
        if (_routers.Contains(from) && !table.HasLive)
        {
            // Whom a router names is worth more than contacts that are silent; it must not wait behind them in the lookup.
            foreach (NodeContact node in _named)
                _pinger.PingUnseen(node.Address, now);
        }
        _named.Clear();
        CompactNodes.Read(answer.Body[isV6 ? "nodes"u8 : "nodes6"u8].Bytes, !isV6, source, _named, Limits.DhtNodesPerAnswer);
        if (_named.Count > 0)
            outbox.Tell(new DhtOtherFamilyNodes([.. _named]));
    }

    private void TakePeers(Lookup lookup, PeerAddress from, KrpcReader answer)
    {
        AddressClass source = from.Classify();
        List<PeerAddress>? peers = null;
        foreach (BEntry entry in answer.Body["values"u8].Children)
        {
            if (CompactAddresses.TryRead(entry.Value.Bytes, out PeerAddress peer) && source.MayName(peer.Classify()) && lookup.AddPeer(peer))
                (peers ??= []).Add(peer);
        }
        if (peers is not null)
            outbox.Tell(new DhtPeersFound(lookup.Id, lookup.InfoHash, peers));
    }

    /// <summary>Gives a contact to every lookup that has too few; true when one took it.</summary>
    private bool Feed(NodeId? id, PeerAddress address, bool isRouter, TimeSpan now)
    {
        bool taken = false;
        foreach (Lookup lookup in lookups.RunningNow())
        {
            bool isWanted = lookup.IsHungry || (isRouter && !table.HasLive);
            if (!isWanted || !lookup.Add(id, address, isRouter: isRouter))
                continue;
            taken = true;
            Pump(lookup, now);
        }
        return taken;
    }

    /// <summary>A node that just answered is what a lookup without answers waits for.</summary>
    private void FeedHungry(NodeContact contact, Lookup? except, TimeSpan now)
    {
        foreach (Lookup lookup in lookups.RunningNow())
        {
            if (!ReferenceEquals(lookup, except) && lookup.IsHungry && lookup.Add(contact.Id, contact.Address))
                Pump(lookup, now);
        }
    }

    private void Run(Lookup lookup, TimeSpan now)
    {
        EnsureBootstrap(now);
        Seed(lookup, now);
        Pump(lookup, now);
    }

    private void Seed(Lookup lookup, TimeSpan now)
    {
        var closest = new NodeContact[2 * Limits.DhtBucketNodes];
        int count = table.Closest(lookup.Target, closest, NodeChoice.Live, now);
        if (count == 0)
            count = table.Closest(lookup.Target, closest, NodeChoice.Any, now);
        foreach (NodeContact node in closest.AsSpan(0, count))
            lookup.Add(node.Id, node.Address);
        bool isHungry = lookup.IsHungry;
        // Contacts that nobody has heard of for long must not keep the routers out.
        if (!isHungry && table.HasLive)
            return;
        if (isHungry)
        {
            foreach ((PeerAddress address, NodeId? id) in _contacts.All)
                lookup.Add(id, address);
        }
        foreach (PeerAddress router in _routers)
            lookup.Add(null, router, isRouter: true);
    }

    private void Pump(Lookup lookup, TimeSpan now)
    {
        if (lookup.IsCancelled)
            return;
        bool isHeld = false;
        while (lookup.Next() is { } candidate)
        {
            bool wantsPeers = lookup.Purpose == LookupPurpose.Peers;
            var query = new PendingQuery(wantsPeers ? QueryKind.GetPeers : QueryKind.FindNode, candidate.Address)
            {
                Target = lookup.Target,
                Lookup = lookup,
                Candidate = candidate,
            };
            isHeld = !sender.Send(query, table.OwnId, WantsBothFamilies, now);
            if (isHeld)
                break;
            lookup.Asked(candidate);
        }
        if (lookup.IsFinished)
            End(lookup, now);
        else if ((isHeld || lookup.IsStarved) && _nextRetry == TimeSpan.MaxValue)
            ScheduleRetry(now);
    }

    private void End(Lookup lookup, TimeSpan now)
    {
        lookup.IsCancelled = true;
        lookups.Remove(lookup);
        if (lookup.Purpose == LookupPurpose.Peers)
        {
            int announced = lookup.AnnouncePort != 0 ? Announce(lookup, now) : 0;
            outbox.Tell(new DhtLookupEnded(lookup.Id, lookup.InfoHash, lookup.PeerCount, lookup.Queries, lookup.Answers, announced, lookup.Hops));
            StartWaiting(now);
        }
        else if (lookup.Purpose == LookupPurpose.Bootstrap)
        {
            _retryDelay = s_firstRetry;
            // A router without nodes is asked every half minute; that is no news.
            if (!IsBootstrapped || table.HasLive)
                outbox.Tell(new DhtBootstrapped(table.LiveCount));
            IsBootstrapped = true;
            Refresh(now);
        }
        else
        {
            Refresh(now);
        }
    }

    private int Announce(Lookup lookup, TimeSpan now)
    {
        int announced = 0;
        foreach (LookupCandidate target in lookup.AnnounceTargets())
        {
            var query = new PendingQuery(QueryKind.AnnouncePeer, target.Address)
            {
                Target = lookup.Target,
                Token = target.Token,
                Port = lookup.AnnouncePort,
                ImpliedPort = lookup.ImpliedPort,
                RepeatsLeft = Limits.DhtAnnounceRepeats,
            };
            announced += sender.Send(query, table.OwnId, false, now) ? 1 : 0;
        }
        return announced;
    }

    private void Overdue(PendingQuery query, TimeSpan now)
    {
        if (query.Lookup is { } lookup)
        {
            lookup.Overdue(query.Candidate!);
            Pump(lookup, now);
        }
        else if (query.RepeatsLeft == Limits.DhtAnnounceRepeats)
        {
            Repeat(query, now);
        }
    }

    /// <summary>
    /// Sends an announce again, since one that is lost leaves us unknown for a quarter of an hour: at once when the answer is overdue, and some seconds later, because
    /// a full line loses all that is sent within the same moment.
    /// </summary>
    private void Repeat(PendingQuery announce, TimeSpan now)
    {
        var repeat = new PendingQuery(QueryKind.AnnouncePeer, announce.To)
        {
            Target = announce.Target,
            Token = announce.Token,
            Port = announce.Port,
            ImpliedPort = announce.ImpliedPort,
            RepeatsLeft = announce.RepeatsLeft - 1,
        };
        announce.RepeatsLeft = 0;
        sender.Send(repeat, table.OwnId, false, now);
    }

    private void Lost(PendingQuery query, TimeSpan now)
    {
        _pinger.Done(query, now);
        if (query.RepeatsLeft > 0)
            Repeat(query, now);
        if (table.Failed(query.To) is { } once)
            _pinger.Ping(once.Address, now);
        FailCandidate(query, now);
    }

    private void FailCandidate(PendingQuery query, TimeSpan now)
    {
        if (query.Lookup is not { } lookup)
            return;
        lookup.Failed(query.Candidate!);
        Pump(lookup, now);
    }

    /// <summary>Without a living node our own neighbourhood is looked for until somebody answers.</summary>
    private void EnsureBootstrap(TimeSpan now)
    {
        if (table.HasLive && IsBootstrapped || lookups.Has(LookupPurpose.Bootstrap))
            return;
        var bootstrap = new Lookup(0, table.OwnId, LookupPurpose.Bootstrap);
        lookups.Add(bootstrap);
        Seed(bootstrap, now);
        Pump(bootstrap, now);
    }

    private void ScheduleRetry(TimeSpan now)
    {
        _nextRetry = now + _retryDelay;
        _retryDelay = _retryDelay * 2 < s_lastRetry ? _retryDelay * 2 : s_lastRetry;
    }

    /// <summary>Lookups that nobody answered begin again, with everything that is known; others that were held go on.</summary>
    private void Retry(TimeSpan now)
    {
        _nextRetry = TimeSpan.MaxValue;
        foreach (Lookup lookup in lookups.RunningNow())
        {
            if (lookup.IsStarved)
            {
                lookup.Revive();
                Seed(lookup, now);
            }
            Pump(lookup, now);
        }
    }

    private void Maintain(TimeSpan now)
    {
        EnsureBootstrap(now);
        AskRouters(now);
        Refresh(now);
    }

    /// <summary>While nobody lives, routers are asked each time, not only when it is their turn again behind hundreds of saved contacts.</summary>
    private void AskRouters(TimeSpan now)
    {
        if (table.HasLive)
            return;
        foreach (Lookup lookup in lookups.RunningNow())
        {
            if (lookup.Purpose == LookupPurpose.Bootstrap && lookup.ReviveRouters())
                Pump(lookup, now);
        }
    }

    /// <summary>One bucket after the other that needs it; each begins the next when it is done.</summary>
    private void Refresh(TimeSpan now)
    {
        if (lookups.Has(LookupPurpose.Refresh) || table.NextRefresh(now, random) is not { } target)
            return;
        var refresh = new Lookup(0, target, LookupPurpose.Refresh);
        lookups.Add(refresh);
        Seed(refresh, now);
        Pump(refresh, now);
    }
}
