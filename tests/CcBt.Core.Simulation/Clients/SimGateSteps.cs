using CcBt.Core.Session;
using CcBt.Core.Simulation.Time;

namespace CcBt.Core.Simulation.Clients;

/// <summary>Runs one start gate's work on the world's heap, and watches every move of the gate.</summary>
internal sealed class SimGateSteps(World world) : IGateSteps
{
    private GatePhase _last = GatePhase.Idle;

    /// <summary>The start that the gate has begun and the owner has not ended.</summary>
    public SimStart? Running { get; set; }

    /// <summary>Told when an attempt may have ended.</summary>
    public Action? Settle { get; set; }

    public void At(GatePoint point, GateState? seen)
    {
        if (!world.IsOwnThread)
            return;
        if (point == GatePoint.Cancel)
            world.After(TimeSpan.FromMicroseconds(10 + world.Random.Next(90)), () => Running?.Cancel());
        if (point == GatePoint.Swap && seen is not null)
            Watch(seen);
    }

    public void Queue(IThreadPoolWorkItem work) => world.After(TimeSpan.FromMicroseconds(10 + world.Random.Next(190)), () =>
    {
        work.Execute();
        Settle?.Invoke();
    });

    /// <summary>Every state of the gate is seen before it is swapped for the next: no phase may follow one that it must not.</summary>
    private void Watch(GateState seen)
    {
        bool isLegal = seen.Phase == _last || (_last, seen.Phase) switch
        {
            (GatePhase.Idle, GatePhase.Starting) => true,
            (GatePhase.Starting, GatePhase.Started or GatePhase.BackingOff or GatePhase.Faulted) => true,
            (GatePhase.BackingOff or GatePhase.Faulted, GatePhase.Starting) => true,
            (not GatePhase.Closed, GatePhase.Closed) => true,
            _ => false,
        };
        world.Require(isLegal, $"The gate went from {_last} to {seen.Phase}.");
        _last = seen.Phase;
    }
}
