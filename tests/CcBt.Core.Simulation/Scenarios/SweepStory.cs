using CcBt.Core.Session;
using CcBt.Core.Simulation.Clients;
using CcBt.Core.Simulation.Disk;
using CcBt.Core.Simulation.Faults;
using CcBt.Core.Simulation.Net;
using CcBt.Core.Simulation.Time;
using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>
/// The life of one download, with a fault at one point: from a magnet link and a DHT node to half of it, over a restart to the last
/// piece, and over another one. At each restart the client is closed and the power lost.
/// </summary>
internal sealed class SweepStory
{
    /// <summary>What a dispose promises.</summary>
    private static readonly TimeSpan s_close = TimeSpan.FromSeconds(5);

    private readonly World _world;
    private readonly SimSwarm _swarm;
    private readonly SimMachine _machine;
    private readonly TorrentClientOptions _options;
    private readonly FaultPlan _plan;
    private readonly List<string> _notes = [];

    public SweepStory(World world, Func<SimNetwork, SimMachine, FaultPlan> choose, FaultKind kind, long at)
    {
        _world = world;
        _swarm = new SimSwarm(world, 256 << 10, 16 << 10);
        _machine = _swarm.AddMachine();
        _plan = choose(_swarm.Network, _machine);
        (_plan.Kind, _plan.At) = (kind, at);
        TorrentClientOptions plain = new() { EnableLocalDiscovery = false, DhtRouters = [] };
        for (int i = 0; i < 2; i++)
        {
            SimMachine seeder = _swarm.AddMachine();
            seeder.Host.UpRate = 64 << 10;
            seeder.Disk.FilesOf(_swarm.Content.Torrent).Fill(_swarm.Content.Bytes, seeder.Disk.WallTicks);
            _swarm.Begin(seeder, new AddTorrentOptions { SaveDirectory = "/sim", TrustFiles = true }, plain);
        }
        _options = plain with { StateDirectory = "/state", SaveInterval = TimeSpan.FromSeconds(1), DhtRouters = [_swarm.Clients[0].Address.ToString()] };
    }

    public FaultCount Broken { get; private set; }

    public long Points => _plan.Points;

    /// <summary>It was complete at the end.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>An answer that never comes may keep its download waiting, but nothing else.</summary>
    private bool MustComplete => _plan.Kind != FaultKind.Never;

    public void Play()
    {
        var client = new SimClient(_machine, _options);
        SimSession session = client.AddMagnet(_swarm.Content.Torrent.ToMagnetLink());
        _ = session.Start();
        Download(session, _swarm.Content.Torrent.PieceCount / 2);
        if (Restart(client, session) is not { } second)
            return;
        Download(second.Sessions[0], _swarm.Content.Torrent.PieceCount);
        // A save or two, the last announces, and what was to be tried again.
        _world.Run(TimeSpan.FromSeconds(70));
        if (Restart(second, second.Sessions[0]) is not { } third)
            return;
        IsComplete = Download(third.Sessions[0], _swarm.Content.Torrent.PieceCount);
        Close(third, third.Sessions[0]);
    }

    public override string ToString() => $"{Broken}: {string.Join("; ", _notes)}.";

    /// <summary>Waits for so many pieces; with all of them the download must be complete.</summary>
    private bool Download(SimSession session, int pieces)
    {
        bool isThere = _world.RunUntil(() => pieces == _swarm.Content.Torrent.PieceCount ? session.IsComplete : session.Core.Progress.Have?.Count >= pieces, TimeSpan.FromMinutes(15));
        SimFiles files = _machine.Disk.FilesOf(_swarm.Content.Torrent);
        int wrong = session.Core.Progress.Have is { } have ? Enumerable.Range(0, have.PieceCount).Count(p => have[p] && !files.IsRight(p)) : 0;
        Count(new FaultCount(wrong, 0, 0, 0, 0), "a claimed piece is wrong");
        if (!isThere && MustComplete)
            Count(new FaultCount(0, 0, 0, 1, 0), $"not at {pieces} pieces: {SimSwarm.Describe(session)}");
        return isThere;
    }

    /// <summary>Closes the client, takes the power away and opens it again; null when the session does not come back.</summary>
    private SimClient? Restart(SimClient client, SimSession session)
    {
        Close(client, session);
        PieceSet? saved = _machine.Disk.LoadState(_swarm.Content.Torrent.SwarmHash) is { } resume ? SavedSession.SnapshotOf(resume, _swarm.Content.Torrent)?.Have : null;
        _machine.Disk.LosePower();
        client = new SimClient(_machine, _options);
        client.Restore();
        if (client.Sessions.Count != 1)
        {
            Count(new FaultCount(0, 0, 1, 0, 0), "it did not come back");
            return null;
        }
        SimSession restored = client.Sessions[0];
        _ = restored.Start();
        if (!_world.RunUntil(() => restored.IsStarted, TimeSpan.FromMinutes(2)) && MustComplete)
            Count(new FaultCount(0, 0, 0, 1, 0), "the start did not end");
        else
            Count(new FaultCount(0, Missing(saved, restored.Core.Progress.Have), 0, 0, 0), "a saved piece is gone");
        return client;
    }

    private void Close(SimClient client, SimSession session)
    {
        session.Close(SessionEnd.ClientClosed);
        if (!_world.RunUntil(() => session.IsClosed, s_close))
            Count(new FaultCount(0, 0, 0, 1, 0), "the close did not end");
        _world.Run(TimeSpan.FromSeconds(1));
        int leaked = client.Edges.Links.Count(static l => !l.IsHalfOpen) + (MustComplete ? _machine.Disk.OpenStores : 0);
        Count(new FaultCount(0, 0, 0, 0, leaked), "a link or a store is open");
        // Who connected a moment ago has the ten seconds of a handshake.
        _world.Run(TimeSpan.FromSeconds(10));
        Count(new FaultCount(0, 0, 0, 0, client.Edges.Links.Count(static l => l.IsHalfOpen)), "a link has had more than ten seconds for its handshake");
        Count(new FaultCount(0, 0, 0, client.Log.Failures.Count, 0), $"something failed inside: {client.Log.Failures.FirstOrDefault()?.Message}");
        client.Shutdown();
    }

    private static int Missing(PieceSet? saved, PieceSet? have)
        => saved is null || have is null ? 0 : Enumerable.Range(0, saved.PieceCount).Count(p => saved[p] && !have[p]);

    private void Count(FaultCount broken, string note)
    {
        if (broken.IsClean)
            return;
        Broken += broken;
        _notes.Add(note);
    }
}
