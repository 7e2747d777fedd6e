using CcBt.Core.Session;
using CcBt.Core.Wire;
using static CcBt.Core.Tests.Session.CoreHarness;

namespace CcBt.Core.Tests.Session;

/// <summary>How the owner drives the stages of a start: answers that fail or that nobody waits for, and deadlines.</summary>
public sealed class SessionStartTests
{
    private static readonly TorrentStorageException s_refused = new(TorrentErrorCode.AccessDenied, "no", "/downloads", isTransient: false);

    private readonly CoreHarness _client = new();

    [Fact]
    public void Scenario07_A_check_that_fails_closes_the_files_and_is_tried_again()
    {
        SessionFront front = _client.Add();
        _client.Edges.Files = _ => null;
        Task start = _client.Start(front);
        FakeStore store = _client.Edges.LastStore!;
        store.CheckEnded(null, new IOException("a bad sector"));
        _client.Run();
        Assert.IsType<TorrentStateException>(start.Exception!.InnerException);
        Assert.Equal("a bad sector", front.Board.Latest.Error!.Message);
        Assert.Same(store, Assert.Single(_client.Edges.Closures).Store);

        _client.Edges.Files = order => new PieceSet(order.Torrent.PieceCount);
        _client.Advance(2);
        Assert.Equal(SessionState.Downloading, front.Board.Latest.State);
        Assert.Equal(new StartCounters(2, 0, 1, 1, 0), front.Gate.Counters);
    }

    [Fact]
    public void Scenario13_Answers_that_come_when_no_start_is_under_way_change_nothing()
    {
        _client.Edges.OpensFiles = false;
        SessionFront front = _client.Add();
        _client.Start(front);
        _client.Edges.FailFiles(new IOException("busy"));
        _client.Edges.FailFiles(new IOException("late"));
        _client.Run();
        Assert.Equal("busy", front.Board.Latest.Error!.Message);
        Assert.Empty(_client.Edges.Closures);
        _client.Mailbox.Post(new StoreClosedMessage(front.Core, null));
        _client.Run();

        _client.Edges.OpensFiles = true;
        _client.Advance(2);
        Assert.Equal(SessionState.Downloading, front.Board.Latest.State);
        _client.Edges.FailFiles(new IOException("later still"));
        _client.Mailbox.Post(new StoreClosedMessage(front.Core, null));
        _client.Run();
        Assert.Equal(SessionState.Downloading, front.Board.Latest.State);
        Assert.Equal(2, front.Gate.Counters.Begun);
    }

    [Fact]
    public void Scenario13_Files_that_open_or_are_checked_a_second_time_change_nothing()
    {
        _client.Edges.OpensFiles = false;
        _client.Edges.Files = order => new PieceSet(order.Torrent.PieceCount);
        SessionFront front = _client.Add();
        _client.Start(front);
        _client.Edges.OpenFiles();
        FakeStore first = _client.Edges.LastStore!;
        _client.Edges.OpenFiles();
        _client.Run();
        Assert.Same(_client.Edges.LastStore, Assert.Single(_client.Edges.Closures).Store);
        Assert.Same(first, front.Core.Store);

        first.CheckEnded(null, new IOException("late"));
        _client.Run();
        Assert.Equal(SessionState.Downloading, front.Board.Latest.State);
        Assert.DoesNotContain("close handles", first.Calls);
    }

    [Fact]
    public void A_check_that_ends_leaves_the_files_open_for_the_download()
    {
        _client.Edges.Files = _ => null;
        SessionFront front = _client.Add();
        _client.Start(front);
        FakeStore store = _client.Edges.LastStore!;
        store.CheckEnded(new PieceSet(PlainTorrent.PieceCount));
        _client.Run();
        Assert.Equal(SessionState.Downloading, front.Board.Latest.State);
        Assert.DoesNotContain("close handles", store.Calls);
    }

    [Fact]
    public void Scenario23_Metadata_that_is_there_before_the_start_is_not_waited_for()
    {
        SessionFront front = _client.AddMagnet(PlainTorrent);
        _client.On(front, static (session, at) => session.SetTorrent(PlainTorrent, at));
        Assert.NotEqual(SessionState.Faulted, front.Board.Latest.State);
        Assert.True(_client.Start(front).IsCompletedSuccessfully);
        Assert.Equal(SessionState.Downloading, front.Board.Latest.State);
    }

    [Fact]
    public void Scenario27_An_opening_is_due_after_thirty_seconds_and_not_while_it_is_paused()
    {
        _client.Edges.OpensFiles = false;
        SessionFront front = _client.Add();
        SessionStart start = front.Core.Start;
        Assert.Equal(TimeSpan.MaxValue, start.NextDeadline);
        _client.Start(front);
        Assert.Equal(_client.Time.Elapsed + TimeSpan.FromSeconds(30), start.NextDeadline);

        _ = front.PauseAsync();
        _client.Advance(60);
        Assert.Equal(TimeSpan.MaxValue, start.NextDeadline);
        Assert.Equal(StartStage.OpeningStorage, start.Stage);

        _ = _client.Start(front);
        Assert.Equal(_client.Time.Elapsed + TimeSpan.FromSeconds(30), start.NextDeadline);
        _client.Edges.OpenFiles();
        _client.Run();
        Assert.Equal(TimeSpan.MaxValue, start.NextDeadline);
        Assert.True(start.IsStarted);
    }

    [Fact]
    public void A_start_that_is_cancelled_while_its_files_open_has_not_succeeded()
    {
        _client.Edges.OpensFiles = false;
        SessionFront front = _client.Add();
        using var cancelled = new CancellationTokenSource();
        var done = new TaskCompletionSource();
        _client.On(front, (session, at) => session.Start.Begin(done, cancelled.Token, at));
        cancelled.Cancel();
        _client.Run();
        Assert.True(done.Task.IsCanceled);
        Assert.False(front.Core.Start.IsStarted);
        _client.Edges.OpenFiles();
        _client.Run();
        Assert.Same(_client.Edges.LastStore, Assert.Single(_client.Edges.Closures).Store);
    }

    [Fact]
    public void A_faulted_session_begins_no_start_whoever_asks_its_gate()
    {
        _client.Edges.OpensFiles = false;
        SessionFront front = _client.Add();
        _client.Start(front);
        _client.Edges.FailFiles(s_refused);
        _client.Run();
        Task again = front.Gate.StartAsync();
        _client.Run();
        Assert.Same(s_refused, again.Exception!.InnerException);
        Assert.Single(_client.Edges.Opened);
        Assert.False(front.Core.Start.IsStarting);
    }
}
