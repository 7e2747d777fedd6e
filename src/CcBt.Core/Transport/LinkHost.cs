using Microsoft.Extensions.Logging;

namespace CcBt.Core.Transport;

/// <summary>What all links of a client share: the clock, the sweep, the receive threads and the numbering. Thread-safe.</summary>
internal sealed class LinkHost(TimeProvider time, ILogger log) : IDisposable
{
    private int _lastLinkId;

    public TimeProvider Time => time;

    public ILogger Log => log;

    public LinkSweep Sweep { get; } = new(time);

    public ReceiveThreads Threads { get; } = new(Limits.ReceiveThreads);

    /// <summary>The number of the next link, dialled or inbound; none is used twice.</summary>
    public int NextLinkId() => Interlocked.Increment(ref _lastLinkId);

    /// <summary>Ends every link with <see cref="LinkCloseReason.Shutdown"/>; each still reports its end.</summary>
    public void Dispose()
    {
        Threads.Dispose();
        Sweep.Dispose();
        Sweep.CloseAll(LinkCloseReason.Shutdown);
    }
}
