using CcBt.Core.Session;
using CcBt.Core.Simulation.Clients;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Scenarios;

/// <summary>What was seen of one session so far, to judge what is seen next.</summary>
internal sealed class StormRecord(World world, SimSession session)
{
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(2);

    private SessionState _state;
    private bool _wasStarted;
    private TimeSpan? _pausedAt;

    public void Check()
    {
        SessionCore core = session.Core;
        GateState gate = session.Front.Gate.State;
        long open = gate.Begun - gate.Failed - gate.Cancelled;
        world.Require(open is 0 or 1, $"{gate.Begun} starts begun, {gate.Failed} failed, {gate.Cancelled} cancelled.");
        world.Require(!_wasStarted || core.Start.IsStarted, "A session that was started is not any more.");
        world.Require(!core.Start.IsStarted || !core.Start.IsStarting, "A started session starts again.");
        world.Require(gate.Phase != GatePhase.Started || core.Start.IsStarted, "The gate says started and the owner does not.");
        world.Require(!core.Progress.IsComplete || core.Start.IsStarted, "Complete without a start.");
        _wasStarted = core.Start.IsStarted;
        CheckState(session.State);
        CheckPause(core);
    }

    private void CheckState(SessionState state)
    {
        world.Require(SessionModel.MayFollow(_state, state), $"The session went from {_state} to {state}.");
        _state = state;
    }

    private void CheckPause(SessionCore core)
    {
        if (!core.IsPaused)
        {
            _pausedAt = null;
            return;
        }
        _pausedAt ??= world.Now;
        world.Require(world.Now - _pausedAt < s_silence || core.Links.Count == 0, $"{core.Links.Count} links of a session that is paused since {_pausedAt}.");
    }
}
