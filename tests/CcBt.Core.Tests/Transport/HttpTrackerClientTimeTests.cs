using System.Text;
using CcBt.Core.Trackers;

namespace CcBt.Core.Tests.Transport;

public sealed class HttpTrackerClientTimeTests : IDisposable
{
    private readonly TrackerClientFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    /// <summary>A tracker that takes requests and says nothing; releases the semaphore for each.</summary>
    private static ScriptedHttpServer Silent(SemaphoreSlim asked) => new((_, _, token) =>
    {
        asked.Release();
        return Task.Delay(Timeout.Infinite, token);
    });

    [Theory]
    [InlineData(AnnounceEvent.None, 30)]
    [InlineData(AnnounceEvent.Stopped, 5)]
    public async Task A_silent_tracker_is_given_up_at_the_limit(object announceEvent, double limit)
    {
        var asked = new SemaphoreSlim(0);
        await using ScriptedHttpServer server = Silent(asked);
        Task<AnnounceResult> task = _fixture.AnnounceAsync(TrackerClientFixture.Order($"http://tracker.test:{server.Port}/announce", (AnnounceEvent)announceEvent, limitSeconds: limit));
        await asked.WaitAsync();
        AnnounceResult result = await _fixture.PassTimeAsync(task);
        Assert.Equal(TrackerFailure.TimedOut, result.Failure);
        Assert.True(_fixture.Time.Elapsed >= TimeSpan.FromSeconds(limit));
    }

    [Fact]
    public async Task A_body_that_stops_is_given_up_after_ten_seconds()
    {
        var begun = new SemaphoreSlim(0);
        await using var server = new ScriptedHttpServer(async (_, stream, token) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nd8:"), token);
            begun.Release();
            await Task.Delay(Timeout.Infinite, token);
        });
        // The announce has a day, so only the limit of one read can end it.
        Task<AnnounceResult> task = _fixture.AnnounceAsync(TrackerClientFixture.Order($"http://tracker.test:{server.Port}/announce", limitSeconds: 86_400));
        await begun.WaitAsync();
        var limit = TimeSpan.FromSeconds(Limits.HttpTrackerReadSeconds);
        Assert.Equal(TrackerFailure.TimedOut, (await _fixture.PassTimersAsync(task, limit)).Failure);
        Assert.Equal(limit, _fixture.Time.Elapsed);
    }

    [Fact]
    public async Task A_trickle_is_given_up_at_the_limit_of_the_whole()
    {
        var begun = new SemaphoreSlim(0);
        await using var server = new ScriptedHttpServer(async (_, stream, token) =>
        {
            begun.Release();
            await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"), token);
            while (true)
            {
                await stream.WriteAsync(new byte[1], token);
                await Task.Yield();
            }
        });
        Task<AnnounceResult> task = _fixture.AnnounceAsync($"http://tracker.test:{server.Port}/announce");
        await begun.WaitAsync();
        Assert.Equal(TrackerFailure.TimedOut, (await _fixture.PassTimeAsync(task)).Failure);
    }

    [Fact]
    public async Task Cancelling_ends_an_announce_at_once()
    {
        var asked = new SemaphoreSlim(0);
        await using ScriptedHttpServer server = Silent(asked);
        using var cancel = new CancellationTokenSource();
        Task<AnnounceResult> task = _fixture.AnnounceAsync($"http://tracker.test:{server.Port}/announce", cancel.Token);
        await asked.WaitAsync();
        await cancel.CancelAsync();
        Assert.Equal(TrackerFailure.Canceled, (await task).Failure);
    }

    [Fact]
    public async Task A_dead_tracker_leaves_room_for_others_and_for_goodbyes()
    {
        var asked = new SemaphoreSlim(0);
        await using ScriptedHttpServer dead = Silent(asked);
        await using var good = new ScriptedHttpServer(ScriptedHttpServer.Ok("d8:intervali1800e5:peers0:e"));
        using var cancel = new CancellationTokenSource();
        Task<AnnounceResult>[] stuck = [.. Enumerable.Range(0, 100).Select(_ => _fixture.AnnounceAsync($"http://tracker.test:{dead.Port}/announce", cancel.Token))];
        for (int i = 0; i < Limits.HttpTrackerOriginConcurrency; i++)
            await asked.WaitAsync();
        Assert.True((await _fixture.AnnounceAsync($"http://tracker.test:{good.Port}/announce")).IsSuccess);
        Task<AnnounceResult> goodbye = _fixture.AnnounceAsync(TrackerClientFixture.Order($"http://tracker.test:{dead.Port}/announce", AnnounceEvent.Stopped), cancel.Token);
        await asked.WaitAsync();
        Assert.Equal(1 + Limits.HttpTrackerOriginConcurrency, dead.Connections);
        await cancel.CancelAsync();
        Assert.All(await Task.WhenAll([.. stuck, goodbye]), result => Assert.Equal(TrackerFailure.Canceled, result.Failure));
    }
}
