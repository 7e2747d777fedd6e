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

    public int PeerCount => _peers.Count;

    public bool IsCancelled { get; set; }

    /// <summary>Nobody has answered, nobody still can, and nobody is left to ask: it waits for the first node that lives.</summary>
    public bool IsStarved => Answers == 0 && Outstanding() == 0 && Next() is null;

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
            bool exhausted = Queries >= Limits.DhtLookupQueries && InFlight() == 0;
            return (Answers > 0 || Purpose == LookupPurpose.Refresh) && (exhausted || Outstanding() == 0);
        }
    }

    /// <summary>Adds a contact; false when it is known, too far, or its address or network is used already.</summary>
    public bool Add(NodeId? id, PeerAddress address, LookupCandidate? teller = null, bool isRouter = false)
    {
        AddressClass addressClass = address.Classify();
        if (_places.Contains(Place(address, addressClass)))
            return false;
        if (addressClass == AddressClass.Global && !isRouter && _networks.Contains(address.Network()))
            return false;
        var candidate = new LookupCandidate(id, address, teller, isRouter);
        int at = Position(id);
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
        candidate.Asked();
        Queries++;
    }

    public void Failed(LookupCandidate candidate)
    {
        candidate.Failed();
        // A dead contact does not keep its network from others.
        if (candidate.State == LookupCandidateState.Failed && candidate.Address.Classify() == AddressClass.Global)
            _networks.Remove(candidate.Address.Network());
    }

    public void Answered(LookupCandidate candidate, NodeId id, byte[]? token)
    {
        bool isFirst = candidate.State != LookupCandidateState.Answered;
        NodeId? claimed = candidate.Id;
        candidate.Answered(id, token);
        if (candidate.IsRouter)
        {
            _candidates.Remove(candidate);
            return;
        }
        Answers += isFirst ? 1 : 0;
        if (claimed == id || !_candidates.Remove(candidate))
            return;
        // Its distance is known only now, or it is another than was claimed.
        _candidates.Insert(Position(id), candidate);
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

    /// <summary>The nodes to announce to: the closest that gave a token and whose ids fit their addresses; others fill up only when those are too few.</summary>
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
        return targets;
    }

    /// <summary>
    /// Walks the candidates from the closest on until enough have answered. True when enough have. Tells whether an
    /// answer is still awaited without being overdue, and whom to ask.
    /// </summary>
    private bool Walk(out bool waits, out LookupCandidate? next)
    {
        int counted = 0, answered = 0, asked = InFlight();
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

    private int InFlight()
    {
        int count = 0;
        foreach (LookupCandidate candidate in _candidates)
            count += candidate.State == LookupCandidateState.Asked ? 1 : 0;
        return count;
    }

    private int Outstanding()
    {
        int count = 0;
        foreach (LookupCandidate candidate in _candidates)
            count += candidate.Outstanding;
        return count;
    }

    private int Position(NodeId? id)
    {
        if (id is not { } known)
            return 0;
        NodeId distance = known ^ Target;
        int at = _candidates.Count;
        while (at > 0 && _candidates[at - 1].Id is { } other && distance.CompareTo(other ^ Target) < 0)
            at--;
        return at;
    }

    private static PeerAddress Place(PeerAddress address, AddressClass addressClass)
        => addressClass == AddressClass.Global ? address.WithPort(0) : address;
}
