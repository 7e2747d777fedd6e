using CcBt.Core.Addressing;

namespace CcBt.Core.Session;

/// <summary>
/// What a client does when its machine gets other addresses, when others see it at another address, or when it has slept: sockets are bound
/// anew, links that cannot live any more end, and trackers, DHT and peers are told once.
/// </summary>
internal sealed class NetworkDriver(ClientCore core, IClientEdges edges)
{
    /// <summary>A step that comes so much later than it was due means that the machine slept or the process was stopped.</summary>
    public static readonly TimeSpan Sleep = TimeSpan.FromSeconds(30);

    /// <summary>After so long a sleep the other ends have given the links up.</summary>
    private static readonly TimeSpan s_longSleep = TimeSpan.FromSeconds(Limits.IdleSeconds);

    /// <summary>An interface comes up in several steps; they are one change.</summary>
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_longestSettling = TimeSpan.FromSeconds(10);

    /// <summary>How long a link in doubt may be silent.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);

    /// <summary>That others see us elsewhere so soon after a change is news of that same change.</summary>
    private static readonly TimeSpan s_echo = TimeSpan.FromSeconds(60);

    /// <summary>Downloads of which nothing at all has come for so long may hang on a router that has forgotten them.</summary>
    private static readonly TimeSpan s_stall = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan s_listening = TimeSpan.FromSeconds(1);

    /// <summary>Links that their other ends drop within so short a time were dropped for one reason.</summary>
    private static readonly TimeSpan s_downfall = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_stallPause = TimeSpan.FromSeconds(60);

    private readonly HashSet<PeerAddress> _lost = [];
    private HashSet<PeerAddress> _known = [];
    private HashSet<PeerAddress> _latest = [];
    private TimeSpan _settlesAt = TimeSpan.MaxValue;
    private TimeSpan _settlesAtLatest;
    private TimeSpan _judgesAt = TimeSpan.MaxValue;
    private TimeSpan? _changedAt;
    private TimeSpan? _sightedAt;
    private TimeSpan _heardAt;
    private TimeSpan _asksAt;
    private TimeSpan _listensAt;
    private TimeSpan _lossesSince = TimeSpan.MinValue;
    private TimeSpan _losesAgainAt;
    private int _losses;
    private bool _mustForgive;
    private long _received;

    public TimeSpan NextDeadline => _settlesAt < _judgesAt ? _settlesAt : _judgesAt;

    /// <summary>How often all were told.</summary>
    public int Changes { get; private set; }

    /// <summary>The addresses, with port 0, that the machine has as the client opens.</summary>
    public void Open(IEnumerable<PeerAddress> addresses) => _known = _latest = [.. addresses];

    /// <summary>The machine's addresses are these now. Nothing is done until they have been the same for a moment.</summary>
    public void AddressesAre(IEnumerable<PeerAddress> addresses, TimeSpan now)
    {
        _latest = [.. addresses];
        _lost.UnionWith(_known.Where(a => !_latest.Contains(a)));
        if (_settlesAt == TimeSpan.MaxValue)
            _settlesAtLatest = now + s_longestSettling;
        _settlesAt = now + s_settling < _settlesAtLatest ? now + s_settling : _settlesAtLatest;
    }

    /// <summary>Nodes agree that they see us at another address than before, as when a router dialled in anew.</summary>
    public void SeenElsewhere(TimeSpan now)
    {
        if (_settlesAt != TimeSpan.MaxValue || (_changedAt is { } changed && now - changed < s_echo))
            return;
        _sightedAt = now;
        ClientLog.NetworkChanged(core.Logger, "others see us at another address");
        Tell(static _ => false, now);
    }

    /// <summary>
    /// The other end of a link dropped it. When all links of the client go so within a moment, it is not the peers but the way to them, as behind a router that
    /// was started anew: they may be dialled at once, and nodes of the DHT are asked where they see us.
    /// </summary>
    public void LinkLost(TimeSpan now)
    {
        if (now - s_downfall > _lossesSince)
            (_lossesSince, _losses) = (now, 0);
        _losses++;
        int left = 0;
        foreach (SessionCore session in core.Sessions)
            left += session.Links.Count;
        // The one that is just lost is still among them.
        if (_losses < 2 || left > 1 || now < _losesAgainAt)
            return;
        _losesAgainAt = now + s_stallPause;
        core.Dht.NetworkChanged(now);
        _mustForgive = true;
    }

    /// <summary>The client was not run for so long, although it was due.</summary>
    public void Slept(TimeSpan length, TimeSpan now)
    {
        ClientLog.NetworkChanged(core.Logger, $"the client was stopped or asleep for {length.TotalSeconds:0} s");
        edges.RenewSockets();
        Tell(_ => length >= s_longSleep, now);
    }

    /// <summary>Looks, with the client's status once a second, whether anything comes in. When nothing does, nodes of the DHT are asked where they see us.</summary>
    private void Listen(TimeSpan now)
    {
        _listensAt = now + s_listening;
        long received = 0;
        bool isWaiting = false;
        foreach (SessionCore session in core.Sessions)
        {
            isWaiting |= session is { Links.Count: > 0, Start.IsStarted: true, Progress.IsComplete: false };
            foreach (PeerState peer in session.Links.All)
                received += peer.Link.Traffic.ReceivedBytes;
        }
        if (!isWaiting || received != _received)
            (_received, _heardAt) = (received, now);
        if (now - _heardAt < s_stall || now < _asksAt)
            return;
        _asksAt = now + s_stallPause;
        core.Dht.NetworkChanged(now);
    }

    public void Advance(TimeSpan now)
    {
        if (now >= _settlesAt)
            Settle(now);
        if (core.Links.Count > 0 && now >= _listensAt)
            Listen(now);
        if (_mustForgive)
        {
            _mustForgive = false;
            foreach (SessionCore session in core.Sessions)
                core.InSession(session, now, static (s, at) => s.Swarm.NetworkChanged(at));
        }
        if (now < _judgesAt)
            return;
        _judgesAt = TimeSpan.MaxValue;
        foreach (SessionCore session in core.Sessions)
            core.InSession(session, now, static (s, _) => s.Links.Judge());
    }

    private void Settle(TimeSpan now)
    {
        _settlesAt = TimeSpan.MaxValue;
        bool isSame = _latest.SetEquals(_known) && _lost.Count == 0;
        HashSet<PeerAddress> gone = [.. _known.Where(a => !_latest.Contains(a))];
        _known = _latest;
        _lost.Clear();
        if (isSame)
            return;
        ClientLog.NetworkChanged(core.Logger, _known.Count == 0 ? "it is gone" : string.Join(", ", _known));
        edges.RenewSockets();
        // Nodes may have seen us at the new address a little before the system told of it.
        bool isTold = _sightedAt > _settlesAtLatest - 2 * s_longestSettling;
        if (_known.Count > 0 && !isTold)
            Tell(gone.Contains, now);
        else
            EndLinks(gone.Contains, now);
    }

    private void Tell(Func<PeerAddress, bool> isGone, TimeSpan now)
    {
        _changedAt = now;
        Changes++;
        core.Dht.NetworkChanged(now);
        EndLinks(isGone, now);
        foreach (SessionCore session in core.Sessions)
            core.InSession(session, now, static (s, at) => s.NetworkChanged(at));
    }

    private void EndLinks(Func<PeerAddress, bool> isGone, TimeSpan now)
    {
        _judgesAt = now + s_grace;
        foreach (SessionCore session in core.Sessions)
            core.InSession(session, now, isGone, static (s, _, gone) => s.Links.NetworkChanged(gone));
    }
}
