using CcBt.Core.Tests.Trackers;
using CcBt.Core.Transport;

namespace CcBt.Core.Tests.Transport;

public sealed class TrackerTurnsTests
{
    private readonly TrackerTurns _turns = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;

    [Fact]
    public async Task Fifty_announces_are_under_way_at_the_most_ten_of_them_goodbyes()
    {
        Task[] regular = [.. Enumerable.Range(0, 100).Select(i => BeginAsync(i, isGoodbye: false))];
        Assert.Equal(Limits.HttpTrackerConcurrency - Limits.HttpTrackerStopConcurrency, _running);
        Task[] goodbyes = [.. Enumerable.Range(0, 100).Select(i => BeginAsync(i, isGoodbye: true))];
        Assert.Equal(Limits.HttpTrackerConcurrency, _running);
        _end.SetResult();
        await Task.WhenAll([.. regular, .. goodbyes]).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(200, _running);
    }

    [Fact]
    public async Task Eight_are_under_way_to_one_tracker()
    {
        Task[] same = [.. Enumerable.Range(0, 100).Select(_ => BeginAsync(1, isGoodbye: false))];
        Assert.Equal(Limits.HttpTrackerOriginConcurrency, _running);
        _end.SetResult();
        await Task.WhenAll(same).WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Begins on this thread as far as there is room.</summary>
    private Task BeginAsync(int tracker, bool isGoodbye)
        => _turns.RunAsync(AnnounceSamples.Url($"http://t{tracker}.example/announce"), isGoodbye, CancellationToken.None, async () =>
        {
            Interlocked.Increment(ref _running);
            await _end.Task;
            return true;
        });
}
