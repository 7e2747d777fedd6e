using System.Numerics;

namespace CcBt.Core.Tests.Session;

/// <summary>
/// Depth-first search over every choice of the next step. A state that was met before is not searched again, so that far fewer schedules are run than there
/// are; how many they stand for is counted in the graph of states.
/// </summary>
/// <param name="begin">Begins a world under the baton and returns its state key and its check.</param>
/// <param name="merge">Whether states that were met before are left out; without it every single schedule is run.</param>
internal sealed class Exploration(Func<Baton, (Func<string> Key, Func<string[]> Check)> begin, bool merge = true)
{
    private const int End = -1;

    private readonly Dictionary<string, int> _states = [];
    private readonly List<int[]> _edges = [];
    private readonly Stack<(int[] Choices, int From)> _open = new();

    public int SchedulesRun { get; private set; }

    public int States => _edges.Count;

    /// <summary>The first schedule that went wrong and what was wrong, or null.</summary>
    public string? Failure { get; private set; }

    /// <summary>How many schedules there are, run or stood for; after a failure only those run, as the graph is not complete.</summary>
    public BigInteger Interleavings => merge && Failure is null ? Count(0, []) : SchedulesRun;

    public Exploration Run()
    {
        using var baton = new Baton();
        _open.Push(([], End));
        while (Failure is null && _open.TryPop(out (int[] Choices, int From) next)) RunOne(baton, next.Choices, next.From);
        return this;
    }

    private void RunOne(Baton baton, int[] prefix, int from)
    {
        baton.Clear();
        (Func<string> key, Func<string[]> check) = begin(baton);
        var choices = new List<int>();
        int state = from;
        bool known = false;
        baton.Run(() =>
        {
            int ready = baton.Ready.Count;
            if (ready == 1 || known) return 0;
            if (choices.Count < prefix.Length)
            {
                choices.Add(prefix[choices.Count]);
                return choices[^1];
            }

            int reached = Reach(key, ready, out known);
            Link(state, choices, reached);
            state = reached;
            if (known) return 0;
            for (int choice = ready - 1; choice > 0; choice--) _open.Push(([.. choices, choice], reached));
            choices.Add(0);
            return 0;
        });
        if (!known) Link(state, choices, End);
        SchedulesRun++;
        string[] wrong = check();
        if (wrong.Length > 0) Failure = $"{string.Join("; ", wrong)}\nschedule: {string.Join(", ", baton.Schedule)}";
    }

    private int Reach(Func<string> key, int ready, out bool known)
    {
        int state = _edges.Count;
        known = merge && !_states.TryAdd(key(), state) && _states.TryGetValue(key(), out state);
        if (!known) _edges.Add(new int[ready]);
        return state;
    }

    private void Link(int from, List<int> choices, int to)
    {
        if (from != End) _edges[from][choices[^1]] = to;
    }

    private BigInteger Count(int state, Dictionary<int, BigInteger> counted)
    {
        if (state == End) return BigInteger.One;
        if (counted.TryGetValue(state, out BigInteger count)) return count;
        foreach (int next in _edges[state]) count += Count(next, counted);
        counted[state] = count;
        return count;
    }
}
