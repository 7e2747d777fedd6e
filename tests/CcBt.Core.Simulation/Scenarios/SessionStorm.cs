using CcBt.Core.Session;
using CcBt.Core.Simulation.Clients;
using CcBt.Core.Simulation.Disk;
using CcBt.Core.Simulation.Time;
using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>
/// One client under a storm of adds, starts, pauses, stops, removals, discoveries, crashes, restarts and disk faults, beside a model of
/// what must hold: legal states only, one start, nothing lost, no call that hangs.
/// </summary>
internal sealed class SessionStorm
{
    public const int Torrents = 3;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(75);

    private readonly World _world;
    private readonly SimSwarm[] _swarms;
    private readonly SimMachine _machine;
    private readonly StormModel _model;
    private readonly List<(Task Task, string What, TimeSpan Due)> _calls = [];
    private SimClient _client;
    private int _restarts, _commands;

    private SessionStorm(World world)
    {
        _world = world;
        var swarm = new SimSwarm(world, 256 << 10, 32 << 10);
        _swarms = [swarm, .. Enumerable.Range(1, Torrents - 1).Select(i => swarm.With(Content.Make(new Random(world.Seed * 10 + i), 192 << 10, 16 << 10, $"http://{SimSwarm.TrackerHost}/announce")))];
        foreach (SimSwarm each in _swarms)
            each.AddSeeder();
        _machine = swarm.AddMachine();
        _model = new StormModel(world, _machine);
        _client = Open();
    }

    public static TorrentClientOptions Options { get; } = new()
    {
        StateDirectory = "/state", EnableDht = false, EnableLocalDiscovery = false, DhtRouters = [], SaveInterval = TimeSpan.FromSeconds(2),
    };

    public static string Play(World world, int commands)
    {
        var storm = new SessionStorm(world);
        while (storm._commands < commands)
            storm.Command();
        return storm.Finish();
    }

    private void Command()
    {
        _commands++;
        int i = _world.Random.Next(Torrents);
        SimSession? session = Find(i);
        switch (_world.Random.Next(100))
        {
            case < 14:
                Add(i, session);
                break;
            case < 34:
                Expect(session?.Start(), "StartAsync");
                break;
            case < 44:
                Expect(session?.Pause(), "PauseAsync");
                break;
            case < 64:
                session?.AddPeers(SimSwarm.EndPoints(_swarms[i].Clients[0].Address));
                break;
            case < 68:
                Close(session, SessionEnd.Stop);
                break;
            case < 71:
                Close(session, SessionEnd.Remove(deleteFiles: _world.Chance(0.5)));
                break;
            case < 73:
                Crash();
                break;
            case < 74:
                Shutdown();
                break;
            case < 80:
                Disk();
                break;
            case < 95:
                _world.Run(_world.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(80)));
                break;
            default:
                _world.Run(_world.Between(TimeSpan.Zero, TimeSpan.FromSeconds(12)));
                break;
        }
        if (_world.Chance(0.3))
            _world.Run(_world.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(5)));
        CheckCalls();
        if (_commands % 16 == 0)
            _model.CheckPieces(_client);
    }

    private SimClient Open()
    {
        var client = new SimClient(_machine, Options) { AfterBatch = _model.AfterBatch };
        client.Restore();
        return client;
    }

    private SimSession? Find(int i) => _client.Sessions.FirstOrDefault(s => s.Front.InfoHash == _swarms[i].Content.Torrent.SwarmHash);

    private void Add(int i, SimSession? session)
    {
        if (session is not null)
            return;
        StartMode mode = _world.Chance(0.5) ? StartMode.WhenPeersFound : StartMode.WhenCalled;
        SimSession added = _client.Add(_swarms[i].Content, new AddTorrentOptions { SaveDirectory = "/sim", Start = mode });
        _model.Added(added);
    }

    private void Close(SimSession? session, SessionEnd end)
    {
        if (session is null)
            return;
        if (session.Closing is null)
            _model.Closing(session);
        session.Close(end);
        Expect(session.Closing, "DisposeAsync");
    }

    private void Disk()
    {
        SimDisk disk = _machine.Disk;
        switch (_world.Random.Next(4))
        {
            case 0:
                disk.Room = _world.Random.Next(64 << 10);
                break;
            case 1:
                disk.FailureShare = 0.2;
                break;
            default:
                disk.Room = long.MaxValue;
                disk.FailureShare = 0;
                break;
        }
    }

    private void Crash()
    {
        _restarts++;
        _model.BeforeCrash(_client);
        _client.Crash();
        _calls.Clear();
        _world.Run(_world.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(2)));
        _client = Open();
        _model.AfterRestart(_client);
    }

    /// <summary>The client is disposed: all of its sessions end, and it is opened anew.</summary>
    private void Shutdown()
    {
        _restarts++;
        CloseAll();
        _client.Shutdown();
        _client = Open();
        _model.AfterRestart(_client);
    }

    private void CloseAll()
    {
        SimSession[] sessions = [.. _client.Sessions];
        foreach (SimSession session in sessions)
            session.Close(SessionEnd.ClientClosed);
        bool isClosed = _world.RunUntil(() => _client.Sessions.Count == 0, TimeSpan.FromSeconds(30));
        _world.Require(isClosed, $"Closing the client hung: {string.Join(", ", sessions.Select(s => s.State))}.");
        CheckCalls();
        _calls.Clear();
        _world.Run(TimeSpan.FromSeconds(1));
        _world.Require(_machine.Disk.OpenStores == 0, $"{_machine.Disk.OpenStores} stores are still open after a close.");
        _world.Require(_client.Edges.Links.Count == 0, $"{_client.Edges.Links.Count} links are still open after a close.");
    }

    private void Expect(Task? call, string what)
    {
        if (call is { IsCompleted: false })
            _calls.Add((call, what, _world.Now + s_patience));
    }

    private void CheckCalls()
    {
        _calls.RemoveAll(static c => c.Task.IsCompleted);
        (Task Task, string What, TimeSpan Due) late = _calls.Find(c => c.Due < _world.Now && !(c.What == "StartAsync" && _client.Sessions.Any(s => s.Core.IsPaused)));
        _world.Require(late.Task is null, $"{late.What} has not ended after {s_patience.TotalSeconds} s.");
    }

    private string Finish()
    {
        _machine.Disk.Room = long.MaxValue;
        _machine.Disk.FailureShare = 0;
        _world.Run(TimeSpan.FromSeconds(40));
        for (int i = 0; i < Torrents; i++)
            Add(i, Find(i));
        _world.Run(TimeSpan.FromSeconds(1));
        foreach (SimSession session in _client.Sessions)
            _ = session.Start();
        bool isComplete = _world.RunUntil(() => _client.Sessions.Count == Torrents && _client.Sessions.All(s => s.IsComplete), TimeSpan.FromMinutes(40));
        _world.Require(isComplete, $"After the storm not all is complete: {string.Join(", ", _client.Sessions.Select(Describe))}.");
        _model.CheckPieces(_client);
        CloseAll();
        return $"{_commands} commands, {_restarts} restarts, {_model.Starts} starts begun, {_model.Knocks} joined, {_machine.Disk.Answers.Points} answers; all complete, 0 false haves, 0 lost, 0 hung";
    }

    private static string Describe(SimSession session)
        => $"{session.State} gate {session.Front.Gate.State.Phase} {session.Core.Progress.Have?.Count}/{session.Core.Torrent?.PieceCount} problem {session.Core.Problem?.Message} links {session.Core.Links.Count} pool {session.Core.Swarm.Snapshot(TimeSpan.Zero).Candidates}";
}
