namespace CcBt.Core.Dht;

/// <summary>The lookups that run and those that wait for a place among them. Lookups of our own (bootstrap, refresh) never wait.</summary>
internal sealed class LookupSet
{
    private readonly List<Lookup> _running = [];
    private readonly Queue<Lookup> _waiting = [];
    private int _ownersRunning;

    /// <summary>The running lookups as they are now: whoever pumps them changes the list.</summary>
    public Lookup[] RunningNow() => [.. _running];

    public int Waiting => _waiting.Count;

    /// <summary>Adds a lookup; true when it may run at once.</summary>
    public bool Add(Lookup lookup)
    {
        bool isOwners = lookup.Purpose == LookupPurpose.Peers;
        if (isOwners && _ownersRunning >= Limits.DhtRunningLookups)
        {
            _waiting.Enqueue(lookup);
            return false;
        }
        _running.Add(lookup);
        _ownersRunning += isOwners ? 1 : 0;
        return true;
    }

    public void Remove(Lookup lookup)
    {
        if (_running.Remove(lookup) && lookup.Purpose == LookupPurpose.Peers)
            _ownersRunning--;
    }

    /// <summary>The lookup whose turn has come, now among the running; null when none waits or no place is free.</summary>
    public Lookup? StartNext()
    {
        while (_ownersRunning < Limits.DhtRunningLookups && _waiting.TryDequeue(out Lookup? lookup))
        {
            if (lookup.IsCancelled)
                continue;
            _running.Add(lookup);
            _ownersRunning++;
            return lookup;
        }
        return null;
    }

    public bool Has(LookupPurpose purpose) => _running.Exists(lookup => lookup.Purpose == purpose);

    public Lookup? Find(int id)
    {
        foreach (Lookup lookup in _running)
        {
            if (lookup.Id == id)
                return lookup;
        }
        foreach (Lookup lookup in _waiting)
        {
            if (lookup.Id == id)
                return lookup;
        }
        return null;
    }
}
