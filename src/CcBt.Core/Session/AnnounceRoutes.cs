using CcBt.Core.Trackers;

namespace CcBt.Core.Session;

/// <summary>Which session each announce under way belongs to.</summary>
internal sealed class AnnounceRoutes(ClientCore core, IClientEdges edges)
{
    private readonly Dictionary<int, SessionCore> _routes = [];
    private int _lastId;

    public void Announce(SessionCore session, AnnounceOrder order)
    {
        int id = ++_lastId;
        _routes[id] = session;
        edges.Announce(id, order);
    }

    public void Ended(int announceId, AnnounceResult result, TimeSpan now)
    {
        if (!_routes.Remove(announceId, out SessionCore? session))
            return;
        core.InSession(session, now, (s, at) => s.Announcer.Ended(result, at));
    }
}
