namespace CcBt.Core.Tests.Session;

/// <summary>
/// Runs strands one step at a time: exactly one holds the baton, and a choice function decides, before every step, who takes the next.
/// </summary>
internal sealed class Baton : IDisposable
{
    private readonly Stack<StrandThread> _idle = new();
    private readonly List<StrandThread> _threads = [];
    private readonly SemaphoreSlim _over = new(0);
    private Func<int> _choose = static () => 0;

    /// <summary>The strands that have a next step, in the order of their beginning.</summary>
    public List<Strand> Ready { get; } = [];

    public List<Strand> Ended { get; } = [];

    /// <summary>Who took which step, to be read when something goes wrong.</summary>
    public List<string> Schedule { get; } = [];

    public Exception? Error { get; private set; }

    public Strand? Current { get; private set; }

    public Strand Begin(string kind, Action body)
    {
        if (!_idle.TryPop(out StrandThread? thread))
        {
            thread = new StrandThread(this);
            _threads.Add(thread);
        }

        var strand = new Strand(kind, body, thread);
        thread.Strand = strand;
        Ready.Add(strand);
        return strand;
    }

    /// <summary>Takes back a strand that has not taken a step.</summary>
    public void Withdraw(Strand strand)
    {
        if (Ready.Remove(strand)) _idle.Push(strand.Thread);
    }

    /// <summary>Runs until no strand has a next step.</summary>
    public void Run(Func<int> choose)
    {
        _choose = choose;
        Pass();
        if (!_over.Wait(TimeSpan.FromSeconds(60))) throw new TimeoutException("A strand hangs: " + string.Join(", ", Schedule));
    }

    /// <summary>Called by the current strand before each step: others may go first.</summary>
    public void Step(string next, object? seen, string key)
    {
        if (Current is not { } strand) return;
        bool fused = strand is { Next: "begin", TouchesAtOnce: false };
        strand.Next = next;
        strand.Seen = seen;
        strand.Record(next + key);
        if (fused) return;
        if (!ReferenceEquals(Pass(), strand)) strand.Thread.AwaitBaton();
    }

    public void End(Strand strand, Exception? error)
    {
        Error ??= error;
        Ready.Remove(strand);
        Ended.Add(strand);
        _idle.Push(strand.Thread);
        if (Ready.Count > 0)
        {
            Pass();
            return;
        }

        Current = null;
        _over.Release();
    }

    public void Clear()
    {
        Ready.Clear();
        Ended.Clear();
        Schedule.Clear();
        Error = null;
    }

    public void Dispose()
    {
        foreach (StrandThread thread in _threads)
        {
            thread.Strand = null;
            thread.Wake();
        }
    }

    private Strand Pass()
    {
        Strand next = Ready[_choose()];
        Schedule.Add($"{next.Kind}:{next.Next}");
        Strand? last = Current;
        Current = next;
        if (!ReferenceEquals(last, next) || next.Next == "begin") next.Thread.Wake();
        return next;
    }
}
