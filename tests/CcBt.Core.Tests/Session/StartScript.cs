using CcBt.Core.Session;
using CcBt.Core.Tests.Time;

namespace CcBt.Core.Tests.Session;

/// <summary>A gate on one thread and in virtual time, with a body whose runs the test ends one by one.</summary>
internal sealed class StartScript
{
    public StartScript(bool held = false, Func<Exception, bool>? isTransient = null)
    {
        Options = new StartGateOptions
        {
            TimeProvider = Time,
            Held = held,
            Observer = Log,
            Steps = new InlineSteps(),
            IsTransient = isTransient ?? (_ => true),
        };
        Gate = new StartGate(Run, Options);
    }

    public ManualTimeProvider Time { get; } = new();

    public RecordingObserver Log { get; } = new();

    public StartGateOptions Options { get; }

    public StartGate Gate { get; }

    public List<ScriptedRun> Runs { get; } = [];

    public ScriptedRun Last => Runs[^1];

    /// <summary>What the body throws before its first await, or null.</summary>
    public Exception? ThrowAtOnce { get; set; }

    public void Advance(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    private Task Run(CancellationToken token)
    {
        var run = new ScriptedRun(token);
        Runs.Add(run);
        return ThrowAtOnce is null ? run.Task : throw ThrowAtOnce;
    }
}
