using CcBt.Core.Session;
using CcBt.Core.Wire;
using static CcBt.Core.Tests.Session.CoreHarness;

namespace CcBt.Core.Tests.Session;

/// <summary>Pause and resume of whole sessions, before, during and after a start.</summary>
public sealed class PauseScenarioTests
{
    private readonly CoreHarness _client = new();

    public static TheoryData<string> Orders => [.. from a in "psrx" from b in "psrx" from c in "psrx" from d in "psrx" select $"{a}{b}{c}{d}"];

    [Theory]
    [MemberData(nameof(Orders))]
    public void Scenario11_Every_order_of_pause_start_and_stop_has_a_defined_end(string order)
    {
        SessionFront front = _client.Add();
        var calls = new List<Task>();
        foreach (char call in order)
        {
            calls.Add(call switch
            {
                'p' => front.Handle.PauseAsync(),
                'x' => front.Handle.DisposeAsync().AsTask(),
                _ => front.Handle.StartAsync(),
            });
            if (call == 'r')
                _client.Run();
        }
        bool isStopped = order.Contains('x', StringComparison.Ordinal);
        int lastStart = order.LastIndexOfAny(['s', 'r']), lastPause = order.LastIndexOf('p');
        _client.Until(() => calls.TrueForAll(c => c.IsCompleted) || (!isStopped && lastPause > lastStart));

        SessionState expected = isStopped ? SessionState.Closed : lastPause > lastStart ? SessionState.Paused : SessionState.Downloading;
        Assert.Equal(expected, front.Board.Latest.State);
        Assert.InRange(front.Gate.Counters.Begun, 0, 1);
        Assert.DoesNotContain(calls, c => c.Exception?.InnerException is { } error and not (ObjectDisposedException or OperationCanceledException));
    }

    [Fact]
    public void Scenario11_Calls_from_several_threads_are_serialised()
    {
        SessionFront front = _client.Add();
        Task[] callers = [.. Enumerable.Range(0, 8).Select(i => Task.Run(() =>
        {
            for (int n = 0; n < 50; n++)
                _ = (i + n) % 2 == 0 ? front.Handle.PauseAsync() : front.Handle.StartAsync();
        }))];
        _client.Until(() => callers.All(c => c.IsCompleted));
        Task start = front.Handle.StartAsync();
        _client.Until(() => start.IsCompleted);

        Assert.True(start.IsCompletedSuccessfully);
        Assert.Equal(SessionState.Downloading, front.Board.Latest.State);
        Assert.Equal(1, front.Gate.Counters.Begun);
        Assert.Single(_client.Edges.Opened);
    }

    [Fact]
    public void Scenario12_Start_on_a_paused_session_resumes_it()
    {
        SessionFront front = _client.Add();
        Assert.True(_client.Start(front).IsCompletedSuccessfully);
        front.AddPeers([Peer(1).ToEndPoint()]);
        _client.Advance(1);
        FakeLink link = Assert.Single(_client.Edges.Dialled);
        link.Open(front.InfoHash, IdOf(1));
        _client.Run();

        _ = front.PauseAsync();
        _client.Run();
        Assert.NotNull(link.Closed);
        Assert.Contains("close handles", _client.Edges.LastStore!.Calls);
        Assert.Empty(_client.Edges.LocalSearches);

        Assert.True(_client.Start(front).IsCompletedSuccessfully);
        _client.Advance(100);
        Assert.Equal(SessionState.Downloading, front.Board.Latest.State);
        Assert.Equal(2, _client.Edges.Dialled.Count);
        Assert.Equal(1, front.Gate.Counters.Begun);
    }

    [Fact]
    public void Scenario12_A_start_that_is_paused_before_its_files_open_goes_on_hours_later()
    {
        SessionFront front = _client.Add();
        Task start = front.Handle.StartAsync();
        Task paused = front.Handle.PauseAsync();
        _client.Advance(7200);
        Assert.False(start.IsCompleted);
        Assert.Empty(_client.Edges.Opened);
        Assert.Equal(SessionState.Paused, front.Board.Latest.State);

        _ = _client.Start(front);
        Assert.True(start.IsCompletedSuccessfully);
        Assert.Equal(new StartCounters(1, 1, 0, 0, 0), front.Gate.Counters);
        Assert.True(paused.IsCompletedSuccessfully);
    }

    [Fact]
    public void Scenario12_A_start_that_is_paused_while_it_checks_goes_on_at_resume()
    {
        SessionFront front = _client.Add();
        _client.Edges.Files = _ => null;
        Task start = _client.Start(front);
        Assert.Equal(SessionState.Checking, front.Board.Latest.State);
        _ = front.PauseAsync();
        _client.Run();
        // What the check has opened until it ended is closed again.
        _client.Edges.LastStore!.Calls.Clear();
        _client.Edges.LastStore.CheckEnded(new PieceSet(PlainTorrent.PieceCount));
        _client.Advance(3600);
        Assert.False(start.IsCompleted);
        Assert.Equal(["close handles"], _client.Edges.LastStore.Calls);

        _ = _client.Start(front);
        Assert.True(start.IsCompletedSuccessfully);
        Assert.Equal(1, front.Gate.Counters.Begun);
    }
}
