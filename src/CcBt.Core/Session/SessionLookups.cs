using CcBt.Core.Addressing;
using CcBt.Core.Dht;

namespace CcBt.Core.Session;

/// <summary>A session's searches in the DHT: when to look again goes by how many peers it has.</summary>
internal sealed class SessionLookups(SessionCore session) : IDhtLookupOwner
{
    private readonly DhtSearchSchedule _schedule = new(session.Core.Random);
    private int _running;
    private bool _isOn;

    public TimeSpan NextDeadline => _isOn ? _schedule.NextSearch : TimeSpan.MaxValue;

    public void Resume(TimeSpan now)
    {
        _isOn = session.Core.Dht.IsOn && !session.IsPrivate;
        if (_isOn)
            _schedule.Demand(now);
    }

    /// <summary>The machine is on another network: the next lookup, which announces us too, is due now.</summary>
    public void NetworkChanged(TimeSpan now)
    {
        if (_isOn)
            _schedule.Demand(now);
    }

    public void Stop(TimeSpan now)
    {
        _isOn = false;
        if (_running == 0)
            return;
        _running = 0;
        session.Core.Dht.Cancel(this, now);
        _schedule.Ended(0, now);
    }

    /// <summary>The DHT hears nothing more of the torrent, not even what was under way (BEP 27).</summary>
    public void Withdraw(TimeSpan now)
    {
        Stop(now);
        session.Core.Dht.Withdraw(session.InfoHash);
    }

    public void Advance(TimeSpan now)
    {
        if (!_isOn || !_schedule.IsDue(now))
            return;
        _running = session.Core.Dht.FindPeers(session.InfoHash, session.Core.ListenPort, this, now);
        _schedule.Started();
    }

    public void PeersFound(IReadOnlyList<PeerAddress> peers, TimeSpan now)
        => session.Core.InSession(session, now, (s, _) => s.Front.Door.Report(KnockSource.Dht, [.. peers], lookupEnded: false));

    public void LookupEnded(int peers, TimeSpan now)
    {
        if (_running > 0 && --_running == 0)
            _schedule.Ended(session.Swarm.Snapshot(now).Candidates, now);
        session.Core.InSession(session, now, static (s, _) => s.Front.Door.Report(KnockSource.Dht, [], lookupEnded: true));
    }
}
