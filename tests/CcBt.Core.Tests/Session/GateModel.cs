using CcBt.Core.Session;

namespace CcBt.Core.Tests.Session;

/// <summary>What the gate must do, said in the plainest way: no thread, no task, no timer.</summary>
internal sealed class GateModel
{
    private double _now;
    private double _retryAt;
    private bool _owed;
    private bool _running;

    public GatePhase Phase { get; private set; }

    public bool Held { get; private set; }

    public StartCounters Counters { get; private set; } = new(0, 0, 0, 0, 0);

    /// <summary>How each call so far went.</summary>
    public List<string> Calls { get; } = [];

    public string Knock()
    {
        if (Phase is GatePhase.Idle && !Held) return Begin("Begun");
        if (Phase is GatePhase.Starting) Counters = Counters with { Joined = Counters.Joined + 1 };
        return Phase switch
        {
            GatePhase.Closed => "Closed",
            GatePhase.Started => "AlreadyStarted",
            GatePhase.Starting => "Joined",
            _ => Held ? "Held" : "BackingOff",
        };
    }

    public void Start()
    {
        if (Phase is GatePhase.Starting) Counters = Counters with { Joined = Counters.Joined + 1 };
        if (Phase is GatePhase.Idle or GatePhase.BackingOff or GatePhase.Faulted) Begin("");
        Calls.Add(Phase switch { GatePhase.Started => "ok", GatePhase.Closed => "refused", _ => "waits" });
    }

    public void Hold() => Held |= Phase is not GatePhase.Closed;

    public void Release()
    {
        if (Phase is GatePhase.Closed) return;
        Held = false;
        if (_owed) Begin("");
    }

    public void Advance(double seconds)
    {
        _now += seconds;
        if (Phase is not GatePhase.BackingOff || _owed || _retryAt > _now) return;
        if (Held) _owed = true;
        else Begin("");
    }

    /// <summary>The body ends: "ok" or "failed", which may be permanent.</summary>
    public void End(string how, bool permanent)
    {
        if (!_running) return;
        _running = false;
        string seen = Phase is GatePhase.Closed ? "cancelled" : how;
        for (int i = 0; i < Calls.Count; i++)
        {
            if (Calls[i] == "waits") Calls[i] = seen;
        }

        if (seen == "cancelled") Counters = Counters with { Closed = Counters.Closed + 1 };
        if (seen == "ok") Phase = GatePhase.Started;
        if (seen != "failed") return;
        Counters = Counters with { Failed = Counters.Failed + 1 };
        Phase = permanent ? GatePhase.Faulted : GatePhase.BackingOff;
        _retryAt = _now + Math.Min(60, Math.Pow(2, Counters.Failed - 1));
    }

    public void Close() => Phase = GatePhase.Closed;

    private string Begin(string answer)
    {
        Counters = Counters with { Begun = Counters.Begun + 1, Retried = Counters.Retried + (Counters.Failed > 0 ? 1 : 0) };
        Phase = GatePhase.Starting;
        _running = true;
        _owed = false;
        return answer;
    }
}
