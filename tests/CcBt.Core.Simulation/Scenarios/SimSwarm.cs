using System.Net;
using CcBt.Core.Addressing;
using CcBt.Core.Simulation.Clients;
using CcBt.Core.Simulation.Disk;
using CcBt.Core.Simulation.Net;
using CcBt.Core.Simulation.Peers;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>A torrent, a tracker and clients around it: what most scenarios begin with.</summary>
internal sealed class SimSwarm
{
    public const string TrackerHost = "tracker.example";

    private readonly List<SimClient> _clients = [];
    private int _lastHost;

    public SimSwarm(World world, int length = 2 << 20, int pieceLength = 64 << 10, int seed = 0)
    {
        World = world;
        Network = new SimNetwork(world);
        Trackers = new SimTrackers(world);
        Content = Content.Make(new Random(world.Seed + 1000 * seed), length, pieceLength, $"http://{TrackerHost}/announce");
        _ = Trackers[TrackerHost];
    }

    private SimSwarm(SimSwarm other, Content content)
    {
        World = other.World;
        Network = other.Network;
        Trackers = other.Trackers;
        Content = content;
        _lastHost = 10_000 + other.World.Random.Next(1_000_000);
    }

    public World World { get; }

    public SimNetwork Network { get; }

    public SimTrackers Trackers { get; }

    public SimTracker Tracker => Trackers[TrackerHost];

    public Content Content { get; }

    public IReadOnlyList<SimClient> Clients => _clients;

    /// <summary>Another torrent in the same world.</summary>
    public SimSwarm With(Content content) => new(this, content);

    public SimMachine AddMachine(double upRate = 1 << 20, double downRate = 4 << 20)
    {
        SimHost host = Network.Add(SimNetwork.Address(++_lastHost));
        (host.UpRate, host.DownRate) = (upRate, downRate);
        return new SimMachine(World, Network, host, new SimDisk(World), new SimClock(World), Trackers);
    }

    /// <summary>A client that has the content and shares it.</summary>
    public SimSession AddSeeder(double upRate = 2 << 20)
    {
        SimMachine machine = AddMachine(upRate);
        machine.Disk.FilesOf(Content.Torrent).Fill(Content.Bytes, machine.Disk.WallTicks);
        return Begin(machine, new AddTorrentOptions { SaveDirectory = "/sim", TrustFiles = true });
    }

    public SimSession AddLeecher(double upRate = 1 << 20) => Begin(AddMachine(upRate));

    public SimSession Begin(SimMachine machine, AddTorrentOptions? options = null, TorrentClientOptions? clientOptions = null)
    {
        var client = new SimClient(machine, clientOptions);
        _clients.Add(client);
        SimSession session = client.Add(Content, options);
        _ = session.Start();
        return session;
    }

    /// <summary>A client that knows no more than the magnet link.</summary>
    public SimSession BeginMagnet(SimMachine machine)
    {
        var client = new SimClient(machine);
        _clients.Add(client);
        SimSession session = client.AddMagnet(Content.Torrent.ToMagnetLink());
        _ = session.Start();
        return session;
    }

    /// <summary>What the session's machine has sent, over the content's size.</summary>
    public double CopiesSentBy(SimSession session) => (double)ClientOf(session).Machine.Host.StreamBytesSent / Content.Bytes.Length;

    public SimClient ClientOf(SimSession session) => _clients.Single(c => c.Core == session.Core.Core);

    public void Forget(SimClient client) => _clients.Remove(client);

    public PeerAddress NextAddress() => SimNetwork.Address(++_lastHost);

    /// <summary>Every byte that a session says it has is the content's; and nothing failed that must not.</summary>
    public void Check(IEnumerable<SimSession> sessions, bool mustBeComplete = true)
    {
        foreach (SimSession session in sessions)
        {
            SimClient client = _clients.Single(c => c.Core == session.Core.Core);
            SimFiles files = client.Machine.Disk.FilesOf(Content.Torrent);
            World.Require(!mustBeComplete || session.IsComplete, $"{client.Address} has {session.Core.Progress.Have?.Count} of {Content.Torrent.PieceCount} pieces and is not complete. {Describe(session)}");
            for (int piece = 0; session.Core.Progress.Have is { } have && piece < have.PieceCount; piece++)
                World.Require(!have[piece] || files.IsRight(piece), $"{client.Address} claims piece {piece}, and it is wrong.");
            CheckQuiet(client);
            World.Require(session.Counters.Begun - session.Counters.Failed - session.Counters.Closed <= 1, $"{client.Address} was started more than once.");
        }
    }

    public void CheckQuiet(SimClient client)
        => World.Require(client.Log.Failures.Count == 0, $"{client.Address} failed inside: {client.Log.Failures.FirstOrDefault()}");

    /// <summary>How a session stands with each of its peers.</summary>
    public static string Describe(SimSession session)
    {
        IEnumerable<string> links = session.Core.Links.All
            .Select(p => session.Core.Swarm.Link(p.Link.Id, TimeSpan.Zero))
            .OfType<Swarm.LinkSnapshot>()
            .Select(l => $"{l.Address} {(l.IsSeed ? "seed" : $"{l.PieceCount} pieces")}{(l.PeerChoking ? " chokes" : "")}{(l.IsSnubbed ? " snubbed" : "")}{(l.AmInterested ? "" : " uninteresting")} {l.BlocksInFlight}/{l.Window} in flight");
        return $"{session.State}, gate {session.Front.Gate.State.Phase}, {session.Core.Progress.Have?.Count} of {session.Core.Torrent?.PieceCount} pieces, problem '{session.Core.Problem?.Message}', {session.Core.Swarm.Snapshot(TimeSpan.Zero)}; {string.Join("; ", links)}";
    }

    public static IPEndPoint[] EndPoints(params PeerAddress[] addresses) => [.. addresses.Select(a => a.ToEndPoint())];
}
