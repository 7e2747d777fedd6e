using CcBt.Core.Addressing;

namespace CcBt.Core.Swarm;

/// <summary>Begins connections within the budget, and ends useless ones when others wait for their place.</summary>
internal sealed class Dialer(PeerPool pool, LinkTable links, Outbox outbox)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly HashSet<Candidate> _dialing = [];
    private TimeSpan _secondBegan;
    private int _dialsInSecond;
    private bool _isDue;
    private bool _isStarved;

    public ConnectionBudget Budget { get; private set; } = new(50, 8);

    public int HalfOpen => _dialing.Count;

    /// <summary>When an address comes up that can be dialed.</summary>
    public TimeSpan NextDial { get; private set; } = TimeSpan.MaxValue;

    /// <summary>More addresses can be dialed than there is room for.</summary>
    public bool OthersWait { get; private set; }

    public bool IsHeld { get; set; }

    private bool IsFull => links.Count + _dialing.Count >= Budget.MaxLinks;

    public void SetBudget(ConnectionBudget budget)
    {
        Budget = budget;
        _isDue = true;
    }

    public void Wake() => _isDue = true;

    /// <summary>Notices that nobody who is linked gives what is lacking, or that somebody does again.</summary>
    public void Advance(bool seedsHelp)
    {
        bool wasStarved = _isStarved;
        _isStarved = seedsHelp && !links.All.Exists(static link => !link.IsClosing && link.AmInterested && !link.IsSnubbed);
        _isDue |= _isStarved != wasStarved;
    }

    /// <summary>Dials while there is room; seeds are left out once they have nothing to give.</summary>
    public void Settle(TimeSpan now, bool seedsHelp)
    {
        if (NextDial <= now)
            _isDue = true;
        if (!_isDue || IsHeld)
            return;
        Advance(seedsHelp);
        _isDue = false;
        OthersWait = false;
        NextDial = TimeSpan.MaxValue;
        if (now - _secondBegan >= Second)
            (_secondBegan, _dialsInSecond) = (now, 0);
        while (_dialing.Count < Budget.MaxHalfOpen || IsFull)
        {
            if (_dialsInSecond >= Limits.DialsPerSecond)
            {
                NextDial = _secondBegan + Second;
                return;
            }
            Candidate? best = pool.Choose(now, seedsHelp, out TimeSpan next, _isStarved);
            if (best is null)
            {
                NextDial = next;
                return;
            }
            if (IsFull)
            {
                OthersWait = true;
                return;
            }
            best.State = CandidateState.Dialing;
            // Forgotten and named again meanwhile: the dial that is under way is its own.
            bool isUnderWay = _dialing.RemoveWhere(dialing => dialing.Address == best.Address) > 0;
            _dialing.Add(best);
            if (isUnderWay)
                continue;
            _dialsInSecond++;
            outbox.Dial(best.Address);
        }
    }

    public void Failed(PeerAddress address, TimeSpan now)
    {
        if (pool.Find(address) is not { State: CandidateState.Dialing } candidate)
        {
            // It was removed from the pool while it was dialed.
            _dialing.RemoveWhere(dialing => dialing.Address == address);
            _isDue = true;
            return;
        }
        _dialing.Remove(candidate);
        pool.Failed(candidate, now);
        _isDue = true;
    }

    public void Opened(SwarmLink link, TimeSpan now)
    {
        if (link.IsOutbound)
            _dialing.RemoveWhere(dialing => dialing.Address == link.Address);
        Candidate? candidate = pool.Find(link.Address);
        // An inbound peer's port is not where it listens; only where an address is one peer does it stand for the entry.
        bool stands = link.IsOutbound
            ? candidate is { State: not CandidateState.Linked }
            : candidate is { State: CandidateState.Idle, Key.Port: 0 };
        if (stands)
            Bind(link, candidate!, now);
        _isDue = true;
    }

    /// <summary>An inbound peer said where it listens.</summary>
    public void Listens(SwarmLink link, PeerAddress address, TimeSpan now)
    {
        link.ListenAddress = address;
        pool.Add([address], PeerSource.Inbound, null, now);
        if (link.Candidate is null && pool.Find(address) is { State: CandidateState.Idle } candidate)
            Bind(link, candidate, now);
    }

    public void Closed(SwarmLink link, bool wasFailure, TimeSpan now)
    {
        _isDue = true;
        if (link.Candidate is not { } candidate)
            return;
        candidate.IsSeed = link.IsSeed;
        if (link.Given.TotalBytes > 0 || link.Upload.TotalBytes > 0)
            candidate.UsefulAt = now;
        if (wasFailure)
            pool.Failed(candidate, now);
        else
            pool.Left(candidate, now);
        if (link.RestsUntil is { } until && candidate.NextAttempt < until)
            candidate.NextAttempt = until;
    }

    private static void Bind(SwarmLink link, Candidate candidate, TimeSpan now)
    {
        candidate.State = CandidateState.Linked;
        candidate.LastSeen = now;
        link.Candidate = candidate;
    }
}
