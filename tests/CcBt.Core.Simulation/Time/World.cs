using System.Diagnostics.CodeAnalysis;

namespace CcBt.Core.Simulation.Time;

/// <summary>
/// A heap of (virtual time, action) on one thread, and one source of randomness: everything simulated is scheduled here, so that a
/// seed gives the same run again.
/// </summary>
internal sealed class World
{
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private long _order;
    private long _numbers;

    public World(int seed)
    {
        Seed = seed;
        Random = new Random(seed);
        // Continuations must run inside the event that completes a task, not wherever a test runner would post them.
        SynchronizationContext.SetSynchronizationContext(null);
        ThreadId = Environment.CurrentManagedThreadId;
    }

    public int Seed { get; }

    public Random Random { get; }

    public int ThreadId { get; }

    public EventHash Hash { get; } = new();

    public TimeSpan Now { get; private set; } = TimeSpan.FromSeconds(1);

    /// <summary>Events so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Messages that clients' owners were handed.</summary>
    public long Messages { get; set; }

    public bool IsOwnThread => Environment.CurrentManagedThreadId == ThreadId;

    /// <summary>Tells the clients of a world apart.</summary>
    public long NextNumber() => ++_numbers;

    public void At(TimeSpan at, Action action) => _events.Enqueue(action, ((at > Now ? at : Now).Ticks, _order++));

    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <summary>Somewhere between two durations.</summary>
    public TimeSpan Between(TimeSpan least, TimeSpan most) => least + (most - least) * Random.NextDouble();

    public bool Chance(double share) => share > 0 && Random.NextDouble() < share;

    /// <summary>Runs for so long.</summary>
    public void Run(TimeSpan duration) => RunUntil(static () => false, duration);

    /// <summary>Runs until the condition holds; false when it does not within the duration.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan duration)
    {
        TimeSpan end = Now + duration;
        while (!condition())
        {
            if (!_events.TryPeek(out _, out (long At, long) next) || next.At > end.Ticks)
            {
                Now = end;
                return condition();
            }
            Now = TimeSpan.FromTicks(next.At);
            Steps++;
            _events.Dequeue()();
        }
        return true;
    }

    public void Require([DoesNotReturnIf(false)] bool holds, string otherwise)
    {
        if (!holds)
            throw new SimulationException($"{otherwise} (seed {Seed}, at {Now})");
    }
}
