using CcBt.Core.Simulation.Time;
using CcBt.Core.Trackers;

namespace CcBt.Core.Simulation.Clients;

/// <summary>Lets announces begin in turn, as the real edge does: so many in all, fewer to one tracker, and goodbyes apart from the rest.</summary>
internal sealed class SimTurns(World world)
{
    private readonly SortedDictionary<(bool IsGoodbye, string Tracker), Queue<Action<Action>>> _waiting = [];
    private readonly Dictionary<(bool IsGoodbye, string Tracker), int> _running = [];
    private int _regular, _goodbyes;

    /// <summary>Runs the work when its turn comes; it calls what it is given when it has ended.</summary>
    public void Run(AnnounceOrder order, Action<Action> work)
    {
        (bool, string) key = (order.Request.Event == AnnounceEvent.Stopped, order.Tracker.ToString());
        if (!_waiting.TryGetValue(key, out Queue<Action<Action>>? queue))
            _waiting[key] = queue = new Queue<Action<Action>>();
        queue.Enqueue(work);
        Begin();
    }

    private void Begin()
    {
        foreach ((bool IsGoodbye, string Tracker) key in _waiting.Keys.ToArray())
        {
            while (MayBegin(key) && _waiting.GetValueOrDefault(key)?.TryDequeue(out Action<Action>? work) is true)
            {
                Count(key, 1);
                work(() =>
                {
                    Count(key, -1);
                    world.After(TimeSpan.Zero, Begin);
                });
            }
            if (_waiting.GetValueOrDefault(key) is { Count: 0 })
                _waiting.Remove(key);
        }
    }

    private bool MayBegin((bool IsGoodbye, string Tracker) key)
        => _running.GetValueOrDefault(key) < Limits.HttpTrackerOriginConcurrency
            && (key.IsGoodbye ? _goodbyes < Limits.HttpTrackerStopConcurrency : _regular < Limits.HttpTrackerConcurrency - Limits.HttpTrackerStopConcurrency);

    private void Count((bool IsGoodbye, string Tracker) key, int by)
    {
        _running[key] = _running.GetValueOrDefault(key) + by;
        if (key.IsGoodbye)
            _goodbyes += by;
        else
            _regular += by;
    }
}
