using CcBt.Core.Session;
using CcBt.Core.Simulation.Clients;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>
/// What a session may do, on one page: which state may follow which, and what the calls so far leave behind. It knows nothing of how a session works.
/// </summary>
internal sealed class SessionModel
{
    private bool? _isPaused;
    private bool _mustStart;

    /// <summary>A session that was just added is neither paused nor started; of one that was restored only what was saved in time is known.</summary>
    public static SessionModel Added() => new() { _isPaused = false };

    public static SessionModel Restored() => new();

    public void Start() => (_isPaused, _mustStart) = (false, true);

    public void Pause() => _isPaused = true;

    /// <summary>Whether a session may be seen in one state and next in the other. Every state may end in a fault or a close.</summary>
    public static bool MayFollow(SessionState before, SessionState after) => before == after || after switch
    {
        SessionState.Closed => true,
        SessionState.Faulted => before != SessionState.Closed,
        SessionState.Paused => before is not (SessionState.Faulted or SessionState.Closed),
        // Back to the beginning only from a start that failed, or out of a pause.
        SessionState.Idle => before is SessionState.WaitingForMetadata or SessionState.OpeningStorage or SessionState.Checking or SessionState.Paused,
        SessionState.WaitingForMetadata => before is SessionState.Idle or SessionState.Paused,
        SessionState.OpeningStorage => before is SessionState.Idle or SessionState.WaitingForMetadata or SessionState.Paused,
        SessionState.Checking => before is SessionState.Idle or SessionState.OpeningStorage or SessionState.Paused,
        // A trusted file needs no check.
        SessionState.Downloading => before is SessionState.OpeningStorage or SessionState.Checking or SessionState.Paused or SessionState.Seeding,
        SessionState.Seeding => before is SessionState.OpeningStorage or SessionState.Checking or SessionState.Paused or SessionState.Downloading,
        _ => false,
    };

    /// <summary>The calls have reached the owner: it is as they say.</summary>
    public void Check(World world, SimSession session)
    {
        SessionCore core = session.Core;
        if (session.Closing is not null || core.IsFaulted || core.IsReleased)
            return;
        world.Require(_isPaused is null || core.IsPaused == _isPaused, $"A session is {(core.IsPaused ? "paused" : "not paused")} against the last call.");
        world.Require(!_mustStart || core.IsArmed, "A session that was asked to start forgot it.");
        world.Require(_isPaused != true || session.State == SessionState.Paused, $"A paused session is {session.State}.");
        world.Require(session.State != SessionState.Closed, "A session that nobody closed is closed.");
    }
}
