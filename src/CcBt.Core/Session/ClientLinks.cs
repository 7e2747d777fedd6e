using CcBt.Core.Addressing;
using CcBt.Core.Transport;
using CcBt.Core.Wire;

namespace CcBt.Core.Session;

/// <summary>Which session each link of the client belongs to, and how many links there may be.</summary>
internal sealed class ClientLinks(ClientCore core, IClientEdges edges)
{
    private readonly Dictionary<int, SessionCore> _owners = [];
    private readonly HashSet<int> _halfOpen = [];
    public int Count => _owners.Count;

    /// <summary>Links that may still be opened over all sessions.</summary>
    public int Free => Math.Max(0, core.Options.MaxConnections - _owners.Count);

    public int FreeHalfOpen => Math.Min(Free, Math.Max(0, core.Options.MaxHalfOpenConnections - _halfOpen.Count));

    /// <summary>Begins a connection for a session; what comes of it arrives as messages.</summary>
    public IPeerLink Dial(SessionCore session, PeerAddress to, in Handshake ours)
    {
        int id = edges.NextLinkId();
        _owners[id] = session;
        _halfOpen.Add(id);
        return edges.Dial(id, to, ours);
    }

    public void Arrived(IPeerLink link, in Handshake theirs, TimeSpan now)
    {
        SessionCore? session = core.Find(theirs.InfoHash);
        if (session is null || Free == 0 || !session.WelcomesLinks)
        {
            link.Close(session is null ? LinkCloseReason.HandshakeRefused : LinkCloseReason.Local);
            return;
        }
        _owners[link.Id] = session;
        Handshake handshake = theirs;
        core.InSession(session, now, (s, at) => s.Links.Arrived(link, handshake, at));
    }

    public void WithSession(IPeerLink link, TimeSpan now, Action<SessionCore, TimeSpan> call)
    {
        _halfOpen.Remove(link.Id);
        if (_owners.TryGetValue(link.Id, out SessionCore? session))
            core.InSession(session, now, call);
    }

    public void Closed(IPeerLink link, LinkCloseReason reason, TimeSpan now)
    {
        _halfOpen.Remove(link.Id);
        if (_owners.Remove(link.Id, out SessionCore? session))
            core.InSession(session, now, (s, at) => s.Links.Closed(link, reason, at));
    }
}
