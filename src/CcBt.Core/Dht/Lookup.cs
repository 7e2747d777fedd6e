using CcBt.Core.Addressing;

namespace CcBt.Core.Dht;

/// <summary>
/// One iterative search (BEP 5): the candidates by distance from the target, whom to ask next, and when it is over.
/// It is over when the eight closest that live have answered, or nobody is left to ask. It sends nothing itself.
/// </summary>
internal sealed class Lookup(int id, NodeId target, LookupPurpose purpose)
{
    private readonly List<LookupCandidate> _candidates = [];
    private readonly HashSet<PeerAddress> _places = [];
    private readonly HashSet<PeerAddress> _networks = [];
    private readonly HashSet<PeerAddress> _peers = [];
    private readonly List<LookupCandidate> _answeredRouters = [];
    private int _inFlight;
    private int _outstanding;

    public int Id { get; } = id;

    public NodeId Target { get; } = target;

    public LookupPurpose Purpose { get; } = purpose;

    public InfoHash InfoHash { get; init; }

    /// <summary>0: do not announce.</summary>
    public ushort AnnouncePort { get; init; }

    public bool ImpliedPort { get; init; }

    /// <summary>Queries sent.</summary>
    public int Queries { get; private set; }

    /// <summary>Nodes that answered, routers not counted.</summary>
    public int Answers { get; private set; }

    /// <summary>The longest way to a node that answered: one was known before, each further one was named by the one before.</summary>
    public int Hops { get; private set; }

    public int PeerCount => _peers.Count;

    public bool IsCancelled { get; set; }

    /// <summary>Nobody has answered, nobody still can, and nobody is left to ask: it waits for the first node that lives.</summary>
    public bool IsStarved => Answers == 0 && _outstanding == 0 && Next() is null;

    /// <summary>So few candidates live that any contact is worth a query.</summary>
    public bool IsHungry
    {
        get
        {
            int alive = 0;
            foreach (LookupCandidate candidate in _candidates)
                alive += candidate.State != LookupCandidateState.Failed && !candidate.IsRouter ? 1 : 0;
            return alive < Limits.DhtBucketNodes;
        }
    }

    /// <summary>The end: the closest have answered, or everything was asked and has answered or failed.</summary>
    public bool IsFinished
    {
        get
        {
            if (Next() is not null)
                return false;
            bool isFull = Walk(out bool waits, out _);
            if (isFull)
                return !waits;
            bool exhausted = Queries >= Limits.DhtLookupQueries && _inFlight == 0;
            return (Answers > 0 || Purpose == LookupPurpose.Refresh || HasRoutersOnly) && (exhausted || _outstanding == 0);
        }
    }

    /// <summary>A router answered and named nobody: it is the whole network, as in one of two nodes.</summary>
    private bool HasRoutersOnly => _answeredRouters.Count > 0 && _candidates.TrueForAll(candidate => candidate.IsRouter);

    /// <summary>Adds a contact; false when it is known, too far, or its address or network is used already.</summary>
    public bool Add(NodeId? id, PeerAddress address, LookupCandidate? teller = null, bool isRouter = false)
    {
        AddressClass addressClass = address.Classify();
        if (_places.Contains(Place(address, addressClass)))
            return false;
        if (addressClass == AddressClass.Global && !isRouter && _networks.Contains(address.Network()))
            return false;
        var candidate = new LookupCandidate(id, Target, address, teller, isRouter);
        int at = Position(candidate.Distance);
        if (at >= Limits.DhtLookupCandidates)
            return false;
        if (_candidates.Count >= Limits.DhtLookupCandidates)
            _candidates.RemoveAt(_candidates.Count - 1);
        _candidates.Insert(at, candidate);
        _places.Add(Place(address, addressClass));
        if (addressClass == AddressClass.Global && !isRouter)
            _networks.Add(address.Network());
        return true;
    }

    /// <summary>Whom to ask now; null when enough is on its way, or nobody needs to be asked.</summary>
    public LookupCandidate? Next()
    {
        if (IsCancelled || Queries >= Limits.DhtLookupQueries)
            return null;
        Walk(out _, out LookupCandidate? next);
        return next;
    }

    public void Asked(LookupCandidate candidate)
    {
        Note(candidate, -1);
        candidate.Asked();
        Note(candidate, 1);
        Queries++;
    }

    /// <summary>The answer is late: somebody else is asked meanwhile.</summary>
    public void Overdue(LookupCandidate candidate)
    {
        Note(candidate, -1);
        candidate.Overdue();
        Note(candidate, 1);
    }

    public void Failed(LookupCandidate candidate)
    {
        Note(candidate, -1);
        candidate.Failed();
        Note(candidate, 1);
        // A dead contact does not keep its network from others.
        if (candidate.State == LookupCandidateState.Failed && candidate.Address.Classify() == AddressClass.Global)
            _networks.Remove(candidate.Address.Network());
    }

    public void Answered(LookupCandidate candidate, NodeId id, byte[]? token)
    {
        bool isFirst = candidate.State != LookupCandidateState.Answered;
        NodeId? claimed = candidate.Id;
        Note(candidate, -1);
        candidate.Answered(id, token);
        Note(candidate, 1);
        if (candidate.IsRouter)
        {
            if (_candidates.Remove(candidate))
                _answeredRouters.Add(candidate);
            return;
        }
        Answers += isFirst ? 1 : 0;
        Hops = Math.Max(Hops, candidate.Hop);
        if (claimed == id || !_candidates.Remove(candidate))
            return;
        // Its distance is known only now, or it is another than was claimed.
        _candidates.Insert(Position(candidate.Distance), candidate);
    }

    /// <summary>Whether the peer is new to this lookup.</summary>
    public bool AddPeer(PeerAddress peer) => _peers.Count < Limits.DhtLookupPeers && _peers.Add(peer);

    /// <summary>Lets everyone who failed be asked again: perhaps it was the network that was gone.</summary>
    public void Revive()
    {
        Queries = 0;
        foreach (LookupCandidate candidate in _candidates)
            candidate.Revive();
    }

    /// <summary>
    /// Lets routers be asked again that failed, or that knew nobody when they answered. False when there is none, or when they are all there is and have their turn anyway.
    /// </summary>
    public bool ReviveRouters()
    {
        bool hasRevived = false;
        if (_candidates.TrueForAll(static candidate => candidate.IsRouter))
            return false;
        foreach (LookupCandidate candidate in _candidates)
        {
            if (!candidate.IsRouter || candidate.State != LookupCandidateState.Failed)
                continue;
            candidate.Revive();
            hasRevived = true;
        }
        if (Answers == 0)
        {
            foreach (LookupCandidate router in _answeredRouters)
                _candidates.Insert(0, new LookupCandidate(null, Target, router.Address, null, isRouter: true));
            hasRevived |= _answeredRouters.Count > 0;
            _answeredRouters.Clear();
        }
        // The bound on queries is against liars, and nobody has answered yet.
        Queries = hasRevived && Answers == 0 ? Math.Min(Queries, Limits.DhtLookupQueries - Limits.DhtRouters) : Queries;
        return hasRevived;
    }

    /// <summary>
    /// The nodes to announce to: the closest that gave a token and whose ids fit their addresses. Others fill up only
    /// when those are too few, and routers serve only when there is no node at all.
    /// </summary>
    public List<LookupCandidate> AnnounceTargets()
    {
        var targets = new List<LookupCandidate>(Limits.DhtBucketNodes);
        foreach (bool compliant in (ReadOnlySpan<bool>)[true, false])
        {
            foreach (LookupCandidate candidate in _candidates)
            {
                if (targets.Count < Limits.DhtBucketNodes && candidate.State == LookupCandidateState.Answered
                    && candidate.Token is not null && candidate.IsCompliant == compliant)
                    targets.Add(candidate);
            }
        }
        if (Answers == 0)
            targets.AddRange(_answeredRouters.FindAll(router => router.Token is not null));
        return targets;
    }

    /// <summary>
    /// Walks the candidates from the closest on until enough have answered. True when enough have. Tells whether an
    /// answer is still awaited without being overdue, and whom to ask.
    /// </summary>
    private bool Walk(out bool waits, out LookupCandidate? next)
    {
        int counted = 0, answered = 0, asked = _inFlight;
        LookupCandidate? fresh = null, doubted = null, repeat = null;
        waits = false;
        bool isFull = false;
        foreach (LookupCandidate candidate in _candidates)
        {
            switch (candidate.State)
            {
                case LookupCandidateState.Answered:
                    answered++;
                    counted += candidate.IsCompliant ? 1 : 0;
                    break;
                case LookupCandidateState.Asked:
                    waits = true;
                    break;
                case LookupCandidateState.Slow when candidate.Attempts < 2:
                    repeat ??= candidate;
                    break;
                case LookupCandidateState.Fresh when candidate.IsDoubted:
                    doubted ??= candidate;
                    break;
                case LookupCandidateState.Fresh:
                    fresh ??= candidate;
                    break;
            }
            isFull = counted >= Limits.DhtBucketNodes || answered >= Limits.DhtLookupAnswers;
            if (isFull || fresh is not null)
                break;
        }
        // A doubted contact, or the same node once more, only where the others do not suffice.
        next = fresh ?? (isFull ? null : doubted ?? repeat);
        if (asked >= Limits.DhtLookupParallel)
            next = null;
        return isFull;
    }

    /// <summary>Takes a candidate out of the counts before a change, and puts it back behind it.</summary>
    private void Note(LookupCandidate candidate, int sign)
    {
        _inFlight += candidate.State == LookupCandidateState.Asked ? sign : 0;
        _outstanding += sign * candidate.Outstanding;
    }

    /// <summary>Where a candidate of that distance belongs: behind its equals.</summary>
    private int Position(NodeId distance)
    {
        int low = 0, high = _candidates.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_candidates[middle].Distance.CompareTo(distance) <= 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static PeerAddress Place(PeerAddress address, AddressClass addressClass)
        => addressClass == AddressClass.Global ? address.WithPort(0) : address;
}
