using System.Globalization;
using CcBt.Core.Session;

namespace CcBt.Core.Tests.Session;

/// <summary>One gate, its callers and its body under a baton, and what must hold at the end whatever the schedule was.</summary>
internal sealed class GateWorld : IGateSteps, IStartGateObserver
{
    private static readonly IOException[] s_errors = [new("first"), new("second"), new("third")];

    private readonly Baton _baton;
    private readonly ExplorerTime _time;
    private readonly GatePlan _plan;
    private readonly StartGate _gate;
    private readonly List<string> _log = [];
    private readonly List<StartAttempt> _attempts = [];
    private readonly List<Task> _starts = [];
    private readonly List<Task> _closes = [];
    private readonly List<string> _wrong = [];
    private int _bodies;
    private int _running;
    private int _successes;

    public GateWorld(Baton baton, GatePlan plan)
    {
        _baton = baton;
        _plan = plan;
        _time = new ExplorerTime(baton);
        _gate = new StartGate(Body, new StartGateOptions { TimeProvider = _time, Observer = this, Steps = this, IsTransient = _ => true });
        for (int i = 0; i < plan.Starts; i++) Actor("start", () => Keep(_gate.StartAsync()));
        for (int i = 0; i < plan.Knocks; i++) Actor("knock", () => _gate.Knock(KnockSource.Dht).ToString());
        for (int i = 0; i < plan.Holds; i++)
        {
            Actor("hold", () =>
            {
                _gate.Hold();
                _baton.Current!.Call = "release ";
                _gate.Release();
                return "";
            });
        }

        for (int i = 0; i < plan.Closes; i++)
        {
            Actor("close", () =>
            {
                _closes.Add(_gate.CloseAsync());
                return "";
            });
        }
    }

    /// <summary>The whole state, except that strands of one kind are interchangeable.</summary>
    public string Key()
    {
        IEnumerable<string> ready = _baton.Ready
            .Select(strand => $"{strand.Kind}{strand.Place}{(strand.Seen is null || ReferenceEquals(strand.Seen, _gate.State) ? '=' : '!')}")
            .Order(StringComparer.Ordinal);
        IEnumerable<string> ended = _baton.Ended.Select(strand => $"{strand.Kind}{strand.Result}").Order(StringComparer.Ordinal);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{KeyOf(_gate.State)}|{_time.Now.TotalSeconds}|{_bodies},{_running},{_successes}|{string.Join(';', _log)}|{string.Join(';', ready)}|{string.Join(';', ended)}");
    }

    /// <summary>What is wrong at the end, or nothing.</summary>
    public string[] Check()
    {
        if (_baton.Error is { } error) _wrong.Add(error.ToString());
        bool closed = _plan.Closes > 0;
        if (!Task.WhenAll(_closes).Wait(TimeSpan.FromSeconds(30))) _wrong.Add("a close hangs");
        Want(_gate.State.Phase == (closed ? GatePhase.Closed : GatePhase.Started), $"the gate ends {_gate.State.Phase}");
        Want(closed ? _successes <= 1 : _successes == 1, $"{_successes} successes");
        StartCounters counters = _gate.Counters;
        Want(counters.Begun == _attempts.Count && counters.Begun == counters.Failed + counters.Closed + Started, $"counters do not add up: {counters}");
        for (int i = 0; i < _attempts.Count; i++) CheckAttempt(_attempts[i], i);
        foreach (Task start in _starts) CheckStart(start);
        return [.. _wrong];
    }

    void IGateSteps.At(GatePoint point, GateState? seen) => _baton.Step(point.ToString(), seen, seen is null ? "" : KeyOf(seen));

    void IGateSteps.Queue(IThreadPoolWorkItem work) => _baton.Begin("body", work.Execute);

    void IStartGateObserver.AttemptBegun(long attemptId, KnockSource source)
    {
        _attempts.Add(_gate.State.Attempt!);
        Want(_log.Count % 2 == 0, "an attempt is begun before the last one ended");
        _log.Add($"{attemptId} begun");
    }

    void IStartGateObserver.AttemptSucceeded(long attemptId) => LogEnd(attemptId, "succeeded");

    void IStartGateObserver.AttemptFailed(long attemptId, Exception error, TimeSpan? retryIn) => LogEnd(attemptId, "failed");

    void IStartGateObserver.AttemptCancelled(long attemptId, Exception? error) => LogEnd(attemptId, "cancelled");

    void IStartGateObserver.Closed()
    {
    }

    private int Started => _log.Count(line => line.EndsWith("succeeded", StringComparison.Ordinal));

    private void Actor(string kind, Func<string> act)
    {
        Strand? strand = null;
        strand = _baton.Begin(kind, () => strand!.Result = act());
    }

    private string Keep(Task start)
    {
        _starts.Add(start);
        int attempt = _attempts.FindIndex(known => ReferenceEquals(known.Task, start));
        return attempt >= 0 ? $"joined {attempt}" : start.Status.ToString();
    }

    private Task Body(CancellationToken token)
    {
        Want(_gate.State.Phase == GatePhase.Starting, $"a body begins while the gate is {_gate.State.Phase}");
        Want(++_running == 1, "two bodies run at once");
        Want(_successes == 0, "a body runs after a success");
        int number = _bodies++;
        _baton.Step("work", null, "");
        _running--;
        if (_plan.Obedient && token.IsCancellationRequested) throw new OperationCanceledException(token);
        if (number < _plan.Failures) throw s_errors[number];
        _successes++;
        return Task.CompletedTask;
    }

    private void LogEnd(long attemptId, string how)
    {
        Want(_log.Count > 0 && _log[^1] == $"{attemptId} begun", $"attempt {attemptId} {how} out of turn");
        _log.Add($"{attemptId} {how}");
    }

    private void CheckAttempt(StartAttempt attempt, int index)
    {
        Want(attempt.Task.IsCompleted, $"attempt {attempt.Id} leaves its waiters hanging");
        string end = _log.Count > (2 * index) + 1 ? _log[(2 * index) + 1] : "nothing";
        bool right = end switch
        {
            _ when end == $"{attempt.Id} succeeded" => attempt.Task.IsCompletedSuccessfully,
            _ when end == $"{attempt.Id} failed" => attempt.Task.IsFaulted && ReferenceEquals(attempt.Task.Exception.InnerException, s_errors[index]),
            _ when end == $"{attempt.Id} cancelled" => attempt.Task.IsCanceled,
            _ => false,
        };
        Want(right, $"attempt {attempt.Id}: reported '{end}', its task says {attempt.Task.Status}");
    }

    private void CheckStart(Task start)
    {
        if (_attempts.Exists(known => ReferenceEquals(known.Task, start))) return;
        bool right = start.IsCompletedSuccessfully
            ? Started == 1
            : start.IsFaulted && start.Exception.InnerException is ObjectDisposedException && _plan.Closes > 0;
        Want(right, $"a call was answered with {start.Status} out of nowhere");
    }

    private void Want(bool holds, string otherwise)
    {
        if (!holds) _wrong.Add(otherwise);
    }

    private static string KeyOf(GateState state) => string.Create(
        CultureInfo.InvariantCulture,
        $"({(int)state.Phase}{(state.Held ? 'h' : ' ')}{(state.RetryOwed ? 'o' : ' ')}{state.Begun}{state.Failed}{state.Cancelled})");
}
