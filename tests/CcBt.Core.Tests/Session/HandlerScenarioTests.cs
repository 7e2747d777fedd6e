using CcBt.Core.Session;
using static CcBt.Core.Tests.Session.CoreHarness;

namespace CcBt.Core.Tests.Session;

/// <summary>Handlers of a discovery event that wait, stop, throw or block.</summary>
public sealed class HandlerScenarioTests
{
    private const int HandlerFailed = 3;

    private readonly CoreHarness _client = new();

    [Fact]
    public void Scenario16_A_handler_awaits_the_start_that_its_discovery_began()
    {
        SessionFront front = _client.Add(start: StartMode.WhenPeersFound);
        var done = new TaskCompletionSource();
        front.Handle.PeersDiscovered += async (sender, _) =>
        {
            await ((TorrentSession)sender!).StartAsync();
            done.TrySetResult();
        };
        Discover(front);
        _client.Until(() => done.Task.IsCompleted);
        Assert.Equal(1, front.Gate.Counters.Begun);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Scenario17_A_handler_stops_the_session_and_waits_for_it(bool blocks)
    {
        SessionFront front = _client.Add(start: StartMode.WhenPeersFound);
        var done = new TaskCompletionSource();
        front.Handle.PeersDiscovered += async (_, _) =>
        {
            Task disposed = front.Handle.DisposeAsync().AsTask();
            if (blocks)
                disposed.Wait();
            else
                await disposed;
            done.TrySetResult();
        };
        Discover(front);
        _client.Until(() => done.Task.IsCompleted);
        Assert.Equal(SessionState.Closed, front.Board.Latest.State);
    }

    [Fact]
    public void Scenario18_A_handler_that_throws_is_logged_and_harms_nobody()
    {
        SessionFront front = _client.Add(start: StartMode.WhenPeersFound);
        int heard = 0;
        front.Handle.PeersDiscovered += (_, _) => throw new InvalidOperationException("at once");
        front.Handle.PeersDiscovered += async (_, _) =>
        {
            // As async void handlers do: the exception comes out of the continuation.
            await Task.Yield();
            throw new InvalidOperationException("later");
        };
        front.Handle.PeersDiscovered += (_, _) => Interlocked.Increment(ref heard);

        Discover(front);
        _client.Until(() => Volatile.Read(ref heard) == 1 && _client.Log.Count(HandlerFailed) == 2);
        Discover(front);
        _client.Until(() => Volatile.Read(ref heard) == 2 && _client.Log.Count(HandlerFailed) == 4);

        Assert.Equal(SessionState.Downloading, front.Board.Latest.State);
        Assert.Equal(1, front.Gate.Counters.Begun);
        Assert.Single(_client.Edges.Dialled);
    }

    [Fact]
    public void Scenario21_A_handler_that_blocks_for_ever_keeps_no_start_and_no_dispose()
    {
        SessionFront front = _client.Add(start: StartMode.WhenPeersFound);
        using var entered = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        front.Handle.PeersDiscovered += (_, _) =>
        {
            entered.Set();
            leave.Wait();
        };
        Discover(front);
        Assert.True(entered.Wait(TimeSpan.FromSeconds(30)));
        Assert.Equal(SessionState.Downloading, front.Board.Latest.State);

        Task disposed = front.Handle.DisposeAsync().AsTask();
        _client.Until(() => disposed.IsCompleted);
        leave.Set();
    }

    private void Discover(SessionFront front)
    {
        front.Door.Report(KnockSource.Dht, [Peer(1)], lookupEnded: true);
        _client.Run();
    }
}
