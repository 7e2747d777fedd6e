using CcBt.Core.Addressing;

namespace CcBt.Core.Swarm;

/// <summary>
/// The addresses where peers of the torrent may be. Each is kept once, within bounds, and forgotten when nobody names it
/// any more, so that it counts as new when it comes again.
/// </summary>
internal sealed class PeerPool(SwarmOptions options, Random random)
{
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(Limits.KnownPeerSeconds);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private readonly Dictionary<PeerAddress, Candidate> _candidates = [];
    private readonly ConnectionPriorities _priorities = new();
    private readonly HashSet<PeerAddress> _own = [];
    private readonly HashSet<PeerAddress> _banned = [];
    private readonly Queue<PeerAddress> _bannedOrder = new();
    private readonly Dictionary<PeerAddress, TimeSpan> _putOut = [];
    private TimeSpan _sweptAt;
    private TimeSpan _nextRetry;
    private int _onlyFromPex;
    private int _capacity = Limits.PoolAddresses;

    public int Count => _candidates.Count;

    public int BannedCount => _banned.Count;

    public bool IsPrivate { get; private set; }

    public void SetPaused(bool paused)
    {
        if (!paused)
            Welcome();
        _capacity = paused ? Limits.PausedPoolAddresses : Limits.PoolAddresses;
        while (_candidates.Count > _capacity && TryMakeRoom(int.MaxValue))
        {
        }
    }

    /// <summary>A private torrent takes no peers from the hash table, exchange or local discovery (BEP 27); those kept so far go.</summary>
    public void SetPrivate(bool isPrivate)
    {
        IsPrivate = isPrivate;
        if (!isPrivate)
            return;
        foreach (Candidate candidate in _candidates.Values.ToArray())
        {
            if (candidate.IsOnlyPublic)
                Remove(candidate);
        }
    }

    /// <summary>Forgets all but those that the user named.</summary>
    public void Forget()
    {
        foreach (Candidate candidate in _candidates.Values.ToArray())
        {
            if (!candidate.IsPinned)
                Remove(candidate);
        }
    }

    /// <summary>The address under which the Internet sees us.</summary>
    public void SetExternal(PeerAddress own)
    {
        if (!_priorities.SetExternal(own))
            return;
        foreach (Candidate candidate in _candidates.Values)
            candidate.Priority = PriorityOf(candidate.Address) ?? candidate.Priority;
    }

    /// <summary>The canonical priority of a connection to the peer (BEP 40), where there is one.</summary>
    public uint? PriorityOf(PeerAddress peer) => _priorities.Of(peer);

    public void AddOwn(PeerAddress address)
    {
        if (_own.Count < Limits.OwnAddresses)
            _own.Add(address);
        if (_candidates.TryGetValue(Key(address), out Candidate? candidate) && candidate.Address == address)
            Remove(candidate);
    }

    /// <summary>Refuses the address (port 0: all its ports) from now on.</summary>
    public void Ban(PeerAddress blamed)
    {
        if (!_banned.Add(blamed))
            return;
        _bannedOrder.Enqueue(blamed);
        if (_bannedOrder.Count > Limits.BannedAddresses)
            _banned.Remove(_bannedOrder.Dequeue());
        foreach (Candidate candidate in _candidates.Values.ToArray())
        {
            if (PeerKey.ForBlame(candidate.Address) == blamed)
                Remove(candidate);
        }
    }

    /// <summary>Keeps the address (port 0: all its ports) out until then. When very many are, the first ones come back early.</summary>
    public void PutOut(PeerAddress blamed, TimeSpan until)
    {
        if (_putOut.Count >= Limits.BannedAddresses)
            _putOut.Remove(_putOut.MinBy(pair => pair.Value).Key);
        _putOut[blamed] = until;
        foreach (Candidate candidate in _candidates.Values)
            Delay(candidate);
    }

    public bool IsPutOut(PeerAddress address, TimeSpan now)
        => now < _putOut.GetValueOrDefault(PeerKey.ForBlame(address));

    public bool IsBanned(PeerAddress address) => _banned.Contains(PeerKey.ForBlame(address));

    /// <summary>Adds what is new and says how many that were. <paramref name="giver"/> is the peer that told of them, if one did.</summary>
    public int Add(ReadOnlySpan<PeerAddress> peers, PeerSource source, PeerAddress? giver, TimeSpan now)
    {
        Sweep(now);
        int added = 0;
        bool giverIsGlobal = giver is { } g && g.Classify() == AddressClass.Global;
        foreach (PeerAddress peer in peers)
        {
            if (MayUse(peer, source, giverIsGlobal) && AddOne(peer, source, now))
                added++;
        }
        return added;
    }

    public Candidate? Find(PeerAddress address) => _candidates.GetValueOrDefault(Key(address));

    /// <summary>
    /// The best address to dial now; without one, <paramref name="nextAttempt"/> says when there will be. <paramref name="isStarved"/>: nobody who is linked
    /// gives what is lacking, so that those who were given up are tried again, too.
    /// </summary>
    public Candidate? Choose(TimeSpan now, bool seedsHelp, out TimeSpan nextAttempt, bool isStarved = false)
    {
        nextAttempt = TimeSpan.MaxValue;
        Candidate? best = null;
        int bestScore = int.MaxValue;
        foreach (Candidate candidate in _candidates.Values)
        {
            if (candidate.State != CandidateState.Idle || (candidate.IsSeed && !seedsHelp))
                continue;
            TimeSpan from = candidate.NextAttempt;
            if (IsRetired(candidate))
            {
                if (!seedsHelp || !(isStarved || now - candidate.UsefulAt < KnownFor))
                    continue;
                from = from < _nextRetry ? _nextRetry : from;
            }
            if (from > now)
            {
                nextAttempt = from < nextAttempt ? from : nextAttempt;
                continue;
            }
            int score = candidate.Failures * 100 + candidate.Rank;
            if (score > bestScore || (score == bestScore && candidate.Priority <= best!.Priority))
                continue;
            (best, bestScore) = (candidate, score);
        }
        if (best is not null && IsRetired(best))
            _nextRetry = now + RetryEvery;
        return best;
    }

    public void Failed(Candidate candidate, TimeSpan now)
    {
        candidate.State = CandidateState.Idle;
        candidate.Failures++;
        candidate.LastSeen = now;
        double first = candidate.IsPinned ? 5 : 60;
        double wait = Math.Min(first * Math.Pow(2, Math.Min(candidate.Failures, 20) - 1), Limits.LongestRetrySeconds);
        candidate.NextAttempt = now + TimeSpan.FromSeconds(wait);
        Delay(candidate);
    }

    public void Left(Candidate candidate, TimeSpan now)
    {
        candidate.State = CandidateState.Idle;
        candidate.Failures = 0;
        candidate.LastSeen = now;
        candidate.NextAttempt = now + TimeSpan.FromSeconds(candidate.IsPinned ? 10 : 60);
        Delay(candidate);
    }

    /// <summary>The network came back: what failed while it was away says nothing about the peers.</summary>
    public void ForgiveAll()
    {
        foreach (Candidate candidate in _candidates.Values)
        {
            (candidate.Failures, candidate.NextAttempt) = (0, TimeSpan.Zero);
            Delay(candidate);
        }
    }

    /// <summary>After a pause nobody is waited for who left without having failed: most of them left because of the pause.</summary>
    private void Welcome()
    {
        foreach (Candidate candidate in _candidates.Values.Where(static c => c.Failures == 0))
        {
            candidate.NextAttempt = TimeSpan.Zero;
            Delay(candidate);
        }
    }

    private PeerAddress Key(PeerAddress address) => PeerKey.ForPool(address, options.SeveralPerAddress);

    private bool MayUse(PeerAddress peer, PeerSource source, bool giverIsGlobal)
    {
        if (peer.Port == 0 || (peer.Port < 1024 && !options.DialsPrivilegedPorts && source != PeerSource.Manual))
            return false;
        AddressClass kind = peer.Classify();
        if (kind == AddressClass.Unusable || (giverIsGlobal && kind != AddressClass.Global))
            return false;
        if (IsPrivate && source is PeerSource.Dht or PeerSource.PeerExchange or PeerSource.LocalDiscovery)
            return false;
        return !_own.Contains(peer) && !IsBanned(peer);
    }

    private bool AddOne(PeerAddress peer, PeerSource source, TimeSpan now)
    {
        PeerAddress key = Key(peer);
        if (_candidates.TryGetValue(key, out Candidate? known))
            return Rename(known, peer, source, now);
        bool isPex = source == PeerSource.PeerExchange;
        if (isPex && _onlyFromPex >= _capacity / 2)
            return false;
        // Without a canonical priority any order does, as long as not everybody has the same.
        var candidate = new Candidate(key, peer, now) { Priority = PriorityOf(peer) ?? (uint)random.NextInt64(1L << 32) };
        candidate.Name(source);
        Delay(candidate);
        if (_candidates.Count >= _capacity && !TryMakeRoom(candidate.Rank))
            return false;
        _candidates.Add(key, candidate);
        _onlyFromPex += isPex ? 1 : 0;
        return true;
    }

    private bool Rename(Candidate known, PeerAddress peer, PeerSource source, TimeSpan now)
    {
        bool wasOnlyPex = known.IsOnlyFromPex;
        known.Name(source);
        _onlyFromPex -= wasOnlyPex && !known.IsOnlyFromPex ? 1 : 0;
        // A retired address is not kept alive by being named, else it would never be tried again.
        if (!IsRetired(known))
            known.LastSeen = now;
        if (source == PeerSource.Manual)
            (known.Failures, known.NextAttempt) = (0, known.State == CandidateState.Idle ? now : known.NextAttempt);
        Delay(known);
        if (known.Address == peer || known.State != CandidateState.Idle || known.Failures == 0)
            return false;
        // The peer of this address has moved to another port.
        known.Address = peer;
        known.Priority = PriorityOf(peer) ?? known.Priority;
        known.Failures = 0;
        known.NextAttempt = now + TimeSpan.FromSeconds(10);
        Delay(known);
        return true;
    }

    private void Delay(Candidate candidate)
    {
        if (_putOut.TryGetValue(PeerKey.ForBlame(candidate.Address), out TimeSpan until) && candidate.NextAttempt < until)
            candidate.NextAttempt = until;
    }

    private static bool IsRetired(Candidate candidate) => candidate.Failures >= Limits.PeerFailures && !candidate.IsPinned;

    private void Sweep(TimeSpan now)
    {
        if (now - _sweptAt < SweepEvery)
            return;
        _sweptAt = now;
        foreach ((PeerAddress blamed, TimeSpan until) in _putOut)
        {
            // Removing does not disturb the enumeration of a dictionary.
            if (until <= now)
                _putOut.Remove(blamed);
        }
        foreach (Candidate candidate in _candidates.Values.ToArray())
        {
            if (candidate is { State: CandidateState.Idle, IsPinned: false } && now - candidate.LastSeen > ForgetAfter)
                Remove(candidate);
        }
    }

    /// <summary>Drops the worst address if it is no better than <paramref name="rank"/>: retired, then failing, then of the worst source.</summary>
    private bool TryMakeRoom(int rank)
    {
        Candidate? worst = null;
        int worstScore = -1;
        foreach (Candidate candidate in _candidates.Values)
        {
            if (candidate.State != CandidateState.Idle)
                continue;
            int score = candidate.Failures * 100 + candidate.Rank;
            if (score > worstScore || (score == worstScore && candidate.LastSeen < worst!.LastSeen))
                (worst, worstScore) = (candidate, score);
        }
        if (worst is null || (worstScore <= rank && rank != int.MaxValue))
            return false;
        Remove(worst);
        return true;
    }

    private void Remove(Candidate candidate)
    {
        if (_candidates.Remove(candidate.Key))
            _onlyFromPex -= candidate.IsOnlyFromPex ? 1 : 0;
    }
}
