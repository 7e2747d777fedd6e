using CcBt.Core.Trackers;

namespace CcBt.Core.Transport;

/// <summary>Sends each announce the way that its tracker's scheme says. Thread-safe.</summary>
internal sealed class TrackerEdge(HttpTrackerClient http, UdpTrackerClient udp, ITrackerEvents events) : ITrackerEdge, IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running = 1;

    public void Announce(AnnounceOrder order, int announceId)
    {
        Interlocked.Increment(ref _running);
        _ = Task.Run(() => AnnounceAsync(order, announceId));
    }

    /// <summary>Cancels what is under way; the owner hears of each. Let goodbyes end before calling it. Closes the HTTP and UDP tracker clients as well.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
            return;
        await _closing.CancelAsync().ConfigureAwait(false);
        Leave();
        await _drained.Task.ConfigureAwait(false);
        http.Dispose();
        udp.Dispose();
    }

    private async Task AnnounceAsync(AnnounceOrder order, int announceId)
    {
        AnnounceResult result;
        try
        {
            result = await (order.Tracker.IsHttp ? http.AnnounceAsync(order, _closing.Token) : udp.AnnounceAsync(order, _closing.Token)).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Whatever slipped through is this announce's failure, not the client's.
            result = AnnounceResult.Failed(order, TrackerFailure.InvalidAnswer, TrackerText.Clean(exception.Message));
        }
        try
        {
            events.AnnounceEnded(announceId, result);
        }
        finally
        {
            Leave();
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _running) == 0)
            _drained.TrySetResult();
    }
}
