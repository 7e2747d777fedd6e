using CcBt.Core.Addressing;
using CcBt.Core.Session;
using CcBt.Core.Simulation.Clients;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>When each peer first had a place at a session, and how many had one at once.</summary>
internal sealed class PlaceWatch
{
    private readonly Dictionary<(PeerAddress, bool), TimeSpan> _first = [];

    public PlaceWatch(SimClient client, SimSession session)
    {
        client.AfterBatch = _ =>
        {
            PeerState[] open = [.. session.Core.Links.All.Where(static p => !p.IsClosing)];
            Most = Math.Max(Most, open.Length);
            foreach (PeerState peer in open)
                _first.TryAdd((peer.Link.Remote.WithPort(0), peer.Link.IsOutbound), client.World.Now);
        };
    }

    public int Most { get; private set; }

    public TimeSpan? Since(PeerAddress peer, bool isOutbound) => _first.TryGetValue((peer.WithPort(0), isOutbound), out TimeSpan at) ? at : null;
}
