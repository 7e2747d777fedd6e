using CcBt.Core.Addressing;
using CcBt.Core.Session;
using CcBt.Core.Simulation.Clients;
using CcBt.Core.Simulation.Dht;
using CcBt.Core.Simulation.Net;
using CcBt.Core.Simulation.Time;
using CcBt.Core.Trackers;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>A client in the middle of a download, with some seeders and a DHT around it, to which something happens; and how soon it is itself again.</summary>
internal sealed class SimTraveller
{
    private const int Seeders = 5;

    private readonly Dictionary<int, long> _before = [];
    private TimeSpan _changed;
    private int _linksBefore;

    public SimTraveller(World world)
    {
        World = world;
        Swarm = new SimSwarm(world, 16 << 20, 128 << 10);
        var dht = new DhtNetwork(world, Swarm.Network);
        dht.Grow(40);
        for (int i = 0; i < Seeders; i++)
            Swarm.AddSeeder(24 << 10);
        Session = Swarm.Begin(Swarm.AddMachine(), null, new TorrentClientOptions { EnableLocalDiscovery = false, DhtRouters = [] });
        Client = Swarm.Clients[^1];
        foreach (DhtPeer peer in dht.Peers.Take(8))
            Client.Mailbox.Post(new CallMessage((core, now) => core.Dht.AddNode(peer.Address, now)));
        // The tracker's least interval is over by then, so that it can be told at once.
        world.Run(TimeSpan.FromSeconds(65));
        bool isMoving = Session.Core.Links.Count >= Seeders && Host.StreamBytesReceived > 2 << 20;
        world.Require(isMoving, $"The download did not begin: {SimSwarm.Describe(Session)}");
        world.Run(world.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4)));
    }

    public World World { get; }

    public SimSwarm Swarm { get; }

    public SimClient Client { get; }

    public SimSession Session { get; }

    public SimHost Host => Client.Machine.Host;

    /// <summary>From now on all is different; the links of this moment are what must come back.</summary>
    public void Remember()
    {
        _changed = World.Now;
        _linksBefore = Session.Core.Links.Count;
        foreach (PeerState peer in Session.Core.Links.All)
            _before[peer.Link.Id] = peer.Link.Traffic.ReceivedBytes;
    }

    /// <summary>Waits until as many links as before carry bytes again; says how long that took.</summary>
    /// <param name="most">The bound.</param>
    /// <param name="atLeast">How many links there were when they had gone before they were counted.</param>
    public TimeSpan AwaitPeers(TimeSpan most, int atLeast)
    {
        _linksBefore = Math.Max(_linksBefore, atLeast);
        TimeSpan begun = World.Now;
        bool isBack = World.RunUntil(() => AliveLinks() >= _linksBefore, most);
        World.Require(isBack, $"{AliveLinks()} of {_linksBefore} peers are back after {most.TotalSeconds} s: {SimSwarm.Describe(Session)}");
        return World.Now - begun;
    }

    /// <summary>Lets the download end, and checks that it was announced from the present address exactly once, that the DHT knows us there, and that nobody was blamed.</summary>
    public string Finish(TimeSpan regular)
    {
        TimeSpan back = World.Now;
        World.RunUntil(() => Session.IsComplete, TimeSpan.FromMinutes(10));
        Swarm.Check([Session]);
        World.Run(regular - (World.Now - back));
        string told = string.Join(", ", Swarm.Tracker.Log.Where(a => a.At >= _changed && a.From == Host.Address).Select(a => $"{a.Event} after {(a.At - _changed).TotalSeconds:0.0} s"));
        int announces = Swarm.Tracker.Log.Count(a => a.At >= _changed && a.From == Host.Address && a.Event is AnnounceEvent.None or AnnounceEvent.Started);
        World.Require(announces == 1, $"{announces} announces told of one change: {told}.");
        World.Require(Client.Log.Banned.Count == 0 && Client.Log.Count(SimLog.StartFailed) == 0, "Somebody was blamed for a change of the network.");
        CheckNodeId();
        return $"complete at {Session.CompletedAt?.TotalSeconds:0} s, {announces} announce";
    }

    private int AliveLinks() => Session.Core.Links.All.Count(p => !_before.TryGetValue(p.Link.Id, out long bytes) || p.Link.Traffic.ReceivedBytes > bytes);

    private void CheckNodeId()
    {
        Client.Mailbox.Post(new CallMessage(static (core, now) => core.Dht.Save(now)));
        World.Run(TimeSpan.FromSeconds(1));
        NodeId? id = Client.Machine.Disk.Dht?.Id;
        World.Require(id is { } known && NodeIdentity.IsCompliant(known, Host.Address), "The DHT id does not fit the present address.");
    }
}
