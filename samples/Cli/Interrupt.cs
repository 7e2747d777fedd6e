using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CcBt.Cli;

/// <summary>
/// SIGINT and SIGTERM as a cancellation, so that the process can end in order. It has a bound for that; another signal a second later ends it at once
/// (a wrapper such as timeout(1) may pass on what the whole group got).
/// </summary>
internal sealed class Interrupt : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(4.7);
    private static readonly TimeSpan _echo = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;
    private Timer? _end;
    private long _first;

    public Interrupt() => _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals)
            signal.Dispose();
        _end?.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        bool isFirst = !_source.IsCancellationRequested;
        context.Cancel = isFirst || Stopwatch.GetElapsedTime(_first) < _echo;
        if (!isFirst)
            return;
        _first = Stopwatch.GetTimestamp();
        _end = new Timer(static _ => Environment.Exit(ExitCodes.Failed), null, _patience, Timeout.InfiniteTimeSpan);
        _source.Cancel();
    }
}
