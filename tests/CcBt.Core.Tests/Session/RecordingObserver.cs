using CcBt.Core.Session;

namespace CcBt.Core.Tests.Session;

/// <summary>Keeps what a gate reports, as lines.</summary>
internal sealed class RecordingObserver : IStartGateObserver
{
    private readonly List<string> _lines = [];

    public string[] Lines
    {
        get
        {
            lock (_lines) return [.. _lines];
        }
    }

    public void AttemptBegun(long attemptId, KnockSource source) => Add($"{attemptId} begun by {source}");

    public void AttemptSucceeded(long attemptId) => Add($"{attemptId} succeeded");

    public void AttemptFailed(long attemptId, Exception error, TimeSpan? retryIn) =>
        Add(FormattableString.Invariant($"{attemptId} failed: {error.Message}, {(retryIn is { } delay ? $"again in {delay.TotalSeconds} s" : "for good")}"));

    public void AttemptCancelled(long attemptId, Exception? error) => Add($"{attemptId} cancelled");

    public void Closed() => Add("closed");

    private void Add(string line)
    {
        lock (_lines) _lines.Add(line);
    }
}
