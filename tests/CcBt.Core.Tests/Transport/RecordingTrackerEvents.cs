using System.Collections.Concurrent;
using CcBt.Core.Trackers;
using CcBt.Core.Transport;

namespace CcBt.Core.Tests.Transport;

/// <summary>Keeps how announces ended; an end that is told twice throws.</summary>
internal sealed class RecordingTrackerEvents : ITrackerEvents
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<AnnounceResult>> _ends = [];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void AnnounceEnded(int announceId, AnnounceResult result)
    {
        Interlocked.Increment(ref _count);
        End(announceId).SetResult(result);
    }

    public Task<AnnounceResult> EndedAsync(int announceId) => End(announceId).Task.WaitAsync(TimeSpan.FromSeconds(20));

    private TaskCompletionSource<AnnounceResult> End(int announceId)
        => _ends.GetOrAdd(announceId, _ => new TaskCompletionSource<AnnounceResult>(TaskCreationOptions.RunContinuationsAsynchronously));
}
