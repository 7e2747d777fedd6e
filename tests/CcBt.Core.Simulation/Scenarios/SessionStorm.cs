using CcBt.Core.Session;
using CcBt.Core.Simulation.Clients;
using CcBt.Core.Simulation.Disk;
using CcBt.Core.Simulation.Time;
using CcBt.Core.Storage;
using CcBt.Core.Wire;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>
/// One client under a storm of adds, starts, pauses, stops, removals, discoveries, crashes, restarts and disk faults, beside models of
/// what must hold: legal states only, one start, nothing lost, no call that hangs.
/// </summary>
internal sealed class SessionStorm
{
    public const int Torrents = 3;

    /// <summary>Steps of one run.</summary>
    public const int Commands = 2_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(75);

    /// <summary>A call has reached the owner by then.</summary>
    private static readonly TimeSpan s_delivery = TimeSpan.FromMilliseconds(1);

    private readonly World _world;
    private readonly SimSwarm[] _swarms;
    private readonly SimMachine _machine;
    private readonly StormModel _model;
    private readonly List<(Task Task, string What, TimeSpan Due)> _calls = [];
    private readonly Dictionary<SimSession, SessionModel> _sessions = [];
    private SimClient _client;
    private TimeSpan _acted;
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

    /// <summary>One storm of so many commands, drawn from the world's seed. When it fails, the shortest list of commands that fails too is told.</summary>
    public static string Play(World world, int commands)
    {
        string outcome = "", failure = "";
        StormCommand[]? shortest = null;
        bool isGood = StormCommands.Check(world.Seed, commands, Torrents, list =>
        {
            var inner = new World(world.Seed);
            try
            {
                outcome = new SessionStorm(inner).Follow(list);
                world.Hash.Add((long)inner.Hash.Value);
                world.Messages += inner.Messages;
                world.Run(inner.Now);
                return true;
            }
            catch (Exception exception) when (Scenario.IsFailure(exception))
            {
                if (shortest is null || list.Length < shortest.Length)
                    (shortest, failure) = (list, exception.Message);
                return false;
            }
        });
        world.Require(isGood, $"{failure} After {shortest?.Length} of {commands} commands: {string.Join(", ", shortest ?? [])}");
        return outcome;
    }

    private string Follow(StormCommand[] commands)
    {
        foreach (StormCommand command in commands)
            Follow(command);
        return Finish();
    }

    private void Follow(StormCommand command)
    {
        _commands++;
        SimSession? session = Find(command.Torrent);
        Act(command, session);
        if (command.Amount % 10 < 3)
            _world.Run(TimeSpan.FromMilliseconds(command.Amount % 50 / 10.0));
        CheckCalls();
        CheckModels();
        if (_commands % 16 == 0)
            _model.CheckPieces(_client);
    }

    private void Act(StormCommand command, SimSession? session)
    {
        switch (command.Act)
        {
            case StormAct.Add:
                Add(command.Torrent, session, command.Amount % 2 == 0 ? StartMode.WhenPeersFound : StartMode.WhenCalled);
                break;
            case StormAct.Start:
                Expect(session?.Start(), "StartAsync");
                ModelOf(session)?.Start();
                break;
            case StormAct.Pause:
                Expect(session?.Pause(), "PauseAsync");
                ModelOf(session)?.Pause();
                break;
            case StormAct.Discover:
                session?.AddPeers(SimSwarm.EndPoints(_swarms[command.Torrent].Clients[0].Address));
                break;
            case StormAct.Stop:
                Close(session, SessionEnd.Stop);
                break;
            case StormAct.Remove:
                Close(session, SessionEnd.Remove(deleteFiles: command.Amount % 2 == 0));
                break;
            case StormAct.Crash:
                Crash(TimeSpan.FromMilliseconds(1 + 2 * command.Amount));
                break;
            case StormAct.Restart:
                Shutdown();
                break;
            case StormAct.Disk:
                Disk(command.Amount);
                break;
            case StormAct.Tick:
                _world.Run(TimeSpan.FromMilliseconds(0.08 * command.Amount));
                break;
            case StormAct.Wait:
                _world.Run(TimeSpan.FromMilliseconds(12 * command.Amount));
                break;
        }
        _acted = command.Act is StormAct.Tick or StormAct.Wait ? _acted : _world.Now;
    }

    private SessionModel? ModelOf(SimSession? session)
    {
        if (session is null || session.Closing is not null)
            return null;
        if (!_sessions.TryGetValue(session, out SessionModel? model))
            _sessions[session] = model = SessionModel.Restored();
        return model;
    }

    /// <summary>When what was called last must have reached the owner.</summary>
    private void CheckModels()
    {
        if (_world.Now - _acted < s_delivery)
            return;
        foreach (SimSession session in _client.Sessions)
            ModelOf(session)?.Check(_world, session);
    }

    private SimClient Open()
    {
        var client = new SimClient(_machine, Options) { AfterBatch = _model.AfterBatch };
        client.Restore();
        return client;
    }

    private SimSession? Find(int i) => _client.Sessions.FirstOrDefault(s => s.Front.InfoHash == _swarms[i].Content.Torrent.SwarmHash);

    private void Add(int i, SimSession? session, StartMode mode)
    {
        if (session is not null)
            return;
        SimSession added = _client.Add(_swarms[i].Content, new AddTorrentOptions { SaveDirectory = "/sim", Start = mode });
        _model.Added(added);
        // What was saved of it earlier comes back with it, a pause too.
        _sessions[added] = added.Core.Setup.Resume is null ? SessionModel.Added() : SessionModel.Restored();
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

    private void Disk(int amount)
    {
        SimDisk disk = _machine.Disk;
        switch (amount % 4)
        {
            case 0:
                disk.Room = 64 * amount;
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

    private void Crash(TimeSpan pause)
    {
        _restarts++;
        _model.BeforeCrash(_client);
        _client.Crash();
        _calls.Clear();
        _sessions.Clear();
        _world.Run(pause);
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
        // A stranger may just be connecting; the listener closes last.
        int links = _client.Edges.Links.Count(static l => !l.IsHalfOpen && !l.IsClosed);
        _world.Require(links == 0, $"{links} links are still open after a close.");
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
            Add(i, Find(i), StartMode.WhenCalled);
        _world.Run(TimeSpan.FromSeconds(1));
        foreach (SimSession session in _client.Sessions)
            _ = session.Start();
        bool isComplete = _world.RunUntil(() => _client.Sessions.Count == Torrents && _client.Sessions.All(s => s.IsComplete), TimeSpan.FromMinutes(40));
        _world.Require(isComplete, $"After the storm not all is complete: {string.Join(", ", _client.Sessions.Select(Describe))}.");
        _model.CheckPieces(_client);
        CloseAll();
        return $"{_commands} commands, {_restarts} restarts, {_model.Starts} starts begun, {_model.Knocks} joined, {_machine.Disk.Answers.Points} answers; all complete, 0 illegal transitions, 0 false haves, 0 lost, 0 hung";
    }

    private static string Describe(SimSession session)
        => $"{session.State} gate {session.Front.Gate.State.Phase} {session.Core.Progress.Have?.Count}/{session.Core.Torrent?.PieceCount} problem {session.Core.Problem?.Message} links {session.Core.Links.Count} pool {session.Core.Swarm.Snapshot(TimeSpan.Zero).Candidates}";
}
