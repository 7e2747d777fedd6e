using CcBt.Core.Addressing;
using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Session;

/// <summary>Which session each link of the client belongs to, and how many links there may be.</summary>
internal sealed class ClientLinks(ClientCore core, IClientEdges edges)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Dictionary<int, SessionCore> _owners = [];
    private readonly HashSet<int> _halfOpen = [];
    private TimeSpan _secondBegan;
    private int _dialsInSecond;
    private int _turn;

    public int Count => _owners.Count;

    /// <summary>Links that may still be opened over all sessions.</summary>
    public int Free => Math.Max(0, core.Options.MaxConnections - _owners.Count);

    /// <summary>More links are there than may be: one that came has to go, or another for it.</summary>
    public bool IsOver => _owners.Count > core.Options.MaxConnections;

    public int FreeHalfOpen => Math.Min(Free, Math.Max(0, core.Options.MaxHalfOpenConnections - _halfOpen.Count));

    /// <summary>When sessions that were held back by the rate of dials go on.</summary>
    public TimeSpan NextDeadline => _dialsInSecond >= Limits.DialsPerSecond ? _secondBegan + Second : TimeSpan.MaxValue;

    /// <summary>Connections that may be begun now, over all sessions.</summary>
    public int FreeDials(TimeSpan now)
    {
        if (now - _secondBegan >= Second)
            (_secondBegan, _dialsInSecond) = (now, 0);
        return Math.Min(FreeHalfOpen, Limits.DialsPerSecond - _dialsInSecond);
    }

    /// <summary>A second without room to dial is over: sessions look again, each time beginning with another one.</summary>
    public void Advance(TimeSpan now)
    {
        if (now < NextDeadline)
            return;
        (_secondBegan, _dialsInSecond) = (now, 0);
        SessionCore[] waiting = [.. core.Sessions.Where(static s => s.CanDial)];
        _turn++;
        for (int i = 0; i < waiting.Length; i++)
            core.Touch(waiting[(i + _turn) % waiting.Length]);
    }

    /// <summary>Begins a connection for a session; what comes of it arrives as messages.</summary>
    public IPeerLink Dial(SessionCore session, PeerAddress to, in Handshake ours)
    {
        int id = edges.NextLinkId();
        _owners[id] = session;
        _halfOpen.Add(id);
        _dialsInSecond++;
        return edges.Dial(id, to, ours);
    }

    public void Arrived(IPeerLink link, in Handshake theirs, TimeSpan now)
    {
        SessionCore? session = core.Find(theirs.InfoHash);
        if (session is null || !session.WelcomesLinks || IsOver)
        {
            link.Close(session is null ? LinkCloseReason.HandshakeRefused : LinkCloseReason.Local);
            return;
        }
        _owners[link.Id] = session;
        core.InSession(session, now, (link, theirs), static (s, at, arrived) => s.Links.Arrived(arrived.link, arrived.theirs, at));
    }

    public void Opened(IPeerLink link, in Handshake theirs, TimeSpan now)
    {
        bool wasFull = FreeHalfOpen == 0;
        _halfOpen.Remove(link.Id);
        if (_owners.TryGetValue(link.Id, out SessionCore? session) && !session.IsReleased)
            core.InSession(session, now, (link, theirs), static (s, at, opened) => s.Links.Opened(opened.link, opened.theirs, at));
        else
            link.Close(LinkCloseReason.Local);
        TellOfRoom(wasFull);
    }

    public void Reported(IPeerLink link, PeerReport report, TimeSpan now)
    {
        if (_owners.TryGetValue(link.Id, out SessionCore? session))
            core.InSession(session, now, (link, report), static (s, at, reported) => s.Links.Reported(reported.link, reported.report, at));
    }

    public void Closed(IPeerLink link, LinkCloseReason reason, TimeSpan now)
    {
        bool wasFull = FreeHalfOpen == 0;
        _halfOpen.Remove(link.Id);
        if (_owners.Remove(link.Id, out SessionCore? session))
        {
            // Those that we end ourselves, and those that never opened, say nothing of the network.
            bool isLoss = reason is LinkCloseReason.Reset or LinkCloseReason.Remote or LinkCloseReason.Idle or LinkCloseReason.MessageTimeout;
            if (isLoss && session.Links.Find(link.Id) is { IsClosing: false })
                core.Network.LinkLost(now);
            core.InSession(session, now, (link, reason), static (s, at, closed) => s.Links.Closed(closed.link, closed.reason, at));
        }
        TellOfRoom(wasFull);
    }

    /// <summary>Sessions that had no room to dial look again.</summary>
    private void TellOfRoom(bool wasFull)
    {
        if (!wasFull || FreeHalfOpen == 0)
            return;
        foreach (SessionCore session in core.Sessions)
        {
            if (session.CanDial)
                core.Touch(session);
        }
    }
}
