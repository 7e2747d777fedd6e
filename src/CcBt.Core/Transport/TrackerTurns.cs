using CcBt.Core.Trackers;

namespace CcBt.Core.Transport;

/// <summary>
/// Lets HTTP announces begin in turn: so many in all, fewer to one origin, and goodbyes apart from the rest. Thread-safe.
/// </summary>
internal sealed class TrackerTurns
{
    private readonly SemaphoreSlim _regular = new(Limits.HttpTrackerConcurrency - Limits.HttpTrackerStopConcurrency);
    private readonly SemaphoreSlim _goodbyes = new(Limits.HttpTrackerStopConcurrency);
    private readonly Dictionary<(string Origin, bool IsGoodbye), Origin> _origins = [];

    /// <summary>Waits for a turn and runs <paramref name="work"/> in it.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled; the work has not begun.</exception>
    public async Task<T> RunAsync<T>(TrackerUrl tracker, bool isGoodbye, CancellationToken waiting, Func<Task<T>> work)
    {
        var key = (tracker.ToString(), isGoodbye);
        SemaphoreSlim total = isGoodbye ? _goodbyes : _regular;
        Origin origin = Enter(key);
        try
        {
            // The origin's turn first: those who wait for a dead tracker must not hold places of the others.
            await origin.Turns.WaitAsync(waiting).ConfigureAwait(false);
            try
            {
                await total.WaitAsync(waiting).ConfigureAwait(false);
                try
                {
                    return await work().ConfigureAwait(false);
                }
                finally
                {
                    total.Release();
                }
            }
            finally
            {
                origin.Turns.Release();
            }
        }
        finally
        {
            Leave(key, origin);
        }
    }

    private Origin Enter((string, bool) key)
    {
        lock (_origins)
        {
            if (!_origins.TryGetValue(key, out Origin? origin))
                _origins.Add(key, origin = new Origin());
            origin.Users++;
            return origin;
        }
    }

    private void Leave((string, bool) key, Origin origin)
    {
        lock (_origins)
        {
            if (--origin.Users == 0)
                _origins.Remove(key);
        }
    }

    private sealed class Origin
    {
        public SemaphoreSlim Turns { get; } = new(Limits.HttpTrackerOriginConcurrency);

        public int Users { get; set; }
    }
}
