using CcBt.Core.Session;
using CcBt.Core.Simulation.Disk;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Clients;

/// <summary>A session of a simulated client, through the same doors that users have.</summary>
internal sealed class SimSession
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly SimClient _client;
    private bool _awaitsGate;
    private StartAttempt? _awaited;

    public SimSession(SimClient client, SessionFront front, SimGateSteps steps)
    {
        _client = client;
        Front = front;
        Steps = steps;
        steps.Settle = Settle;
    }

    public SessionFront Front { get; }

    public SimGateSteps Steps { get; }

    public SessionCore Core => Front.Core;

    public StartCounters Counters => Front.Gate.Counters;

    public bool IsStarted => Front.Gate.State.Phase == GatePhase.Started;

    public bool IsComplete => Core.Progress.IsComplete;

    public SessionState State => Front.Board.Latest.State;

    /// <summary>The close under way, or over.</summary>
    public Task? Closing { get; private set; }

    public bool IsClosed => Closing is { IsCompleted: true };

    /// <summary>When it was first complete, since the client opened.</summary>
    public TimeSpan? CompletedAt { get; private set; }

    public SimStore? Store => Core.Store as SimStore;

    private World World => _client.World;

    /// <summary>Begins the start; what comes of it can be seen in the task.</summary>
    public Task Start() => Front.Handle.StartAsync();

    public Task Pause() => Front.Handle.PauseAsync();

    public int AddPeers(IEnumerable<System.Net.IPEndPoint> peers) => Front.AddPeers(peers);

    /// <summary>Closes the session. Of a start in flight the gate says on the thread pool that it has ended; the world waits for that.</summary>
    public void Close(SessionEnd end)
    {
        if (Closing is not null)
            return;
        _awaited = Front.Gate.State.Attempt;
        _awaitsGate = _awaited is { Task.IsCompleted: false };
        Closing = Front.CloseAsync(end);
    }

    /// <summary>Takes in what the library does on the thread pool, as soon as it is known to come.</summary>
    public void Settle()
    {
        if (_client.IsDead)
            return;
        if (CompletedAt is null && IsComplete)
            CompletedAt = _client.Now;
        if (_awaitsGate && _awaited!.Task.IsCompleted)
        {
            _awaitsGate = false;
            _client.Mailbox.Await();
        }
        if (Closing is null || !Core.IsReleased)
            return;
        World.Require(Closing.ContinueWith(static _ => { }, TaskScheduler.Default).Wait(s_patience), "A close did not end although everything was released.");
        _client.Forget(this);
    }
}
