using CcBt.Core.Session;
using CcBt.Core.Storage;
using static CcBt.Core.Tests.Session.CoreHarness;

namespace CcBt.Core.Tests.Session;

/// <summary>Stop, remove and dispose of whole sessions, also in the middle of a start.</summary>
public sealed class CloseScenarioTests
{
    private readonly CoreHarness _client = new();

    [Theory]
    [InlineData("metadata")]
    [InlineData("opening")]
    [InlineData("checking")]
    [InlineData("started")]
    public async Task Scenario10_Stop_during_a_start_unwinds_it_and_releases_everything(string stage)
    {
        SessionFront front = stage == "metadata" ? _client.AddMagnet(PlainTorrent) : _client.Add();
        _client.Edges.OpensFiles = stage != "opening";
        _client.Edges.Files = stage == "checking" ? _ => null : _client.Edges.Files;
        Task start = _client.Start(front);
        front.AddPeers([Peer(1).ToEndPoint()]);
        _client.Advance(1);
        FakeLink half = Assert.Single(_client.Edges.Dialled);

        Task disposed = front.Handle.DisposeAsync().AsTask();
        _client.Until(() =>
        {
            if (_client.Edges.LastStore is { } store && store.Calls.Contains("stop check"))
                store.CheckEnded(null);
            return disposed.IsCompleted;
        });

        await disposed;
        Assert.Equal(stage == "started", start.IsCompletedSuccessfully);
        Assert.True(start.IsCompletedSuccessfully || start.IsCanceled);
        Assert.NotNull(half.Closed);
        Assert.Null(_client.Core.Find(front.InfoHash));
        Assert.Equal(SessionState.Closed, front.Board.Latest.State);
        Assert.Empty(_client.Edges.LocalSearches);
        Assert.All(_client.Edges.LastStore is { } opened ? [opened] : Array.Empty<FakeStore>(),
            store => Assert.Contains(_client.Edges.Closures, c => c.Store == store));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => front.Handle.StartAsync());
        if (stage == "opening")
        {
            // The opening that was given up ends after all: its files are closed at once.
            _client.Edges.OpenFiles();
            _client.Run();
            Assert.Equal(_client.Edges.LastStore, Assert.Single(_client.Edges.Closures, c => c.Store is not null).Store);
        }
    }

    [Fact]
    public void Scenario10_A_disk_that_never_answers_keeps_no_dispose_longer_than_five_seconds()
    {
        SessionFront front = _client.Add();
        Assert.True(_client.Start(front).IsCompletedSuccessfully);
        _client.Edges.ClosesFiles = false;
        Task disposed = front.Handle.DisposeAsync().AsTask();
        _client.Until(() => _client.Edges.Closures.Count > 0);
        _client.Advance(4.9);
        _client.Until(() => disposed.IsCompleted);
    }

    [Fact]
    public void Scenario13_Callbacks_of_a_removed_session_do_nothing_in_its_successor()
    {
        SessionFront first = _client.Add(start: StartMode.WhenPeersFound, change: o => o with { Trackers = ["http://tracker.example/announce"] });
        var announce = Assert.Single(_client.Edges.Announces);
        Task removed = first.Handle.RemoveAsync(deleteFiles: true);
        _client.Until(() => _client.Edges.Closures.Count > 0);
        _client.Advance(4);
        _client.Until(() => removed.IsCompleted);
        SessionFront second = _client.Add(start: StartMode.WhenPeersFound);

        Assert.Equal(0, first.Door.Report(KnockSource.Dht, [Peer(1)], lookupEnded: true));
        Assert.Equal(0, first.AddPeers([Peer(2).ToEndPoint()]));
        _client.Mailbox.Post(new PeersFoundMessage(first.Core, new[] { Peer(3) }, KnockSource.Dht));
        _client.Edges.Answer(announce, Peer(4));
        _client.Advance(10);

        Assert.Equal(0, second.Gate.Counters.Begun);
        Assert.Equal(0, second.Board.Latest.KnownPeers);
        Assert.Empty(_client.Edges.Dialled);
        Assert.Equal(SessionEnd.Remove(true), _client.Edges.Closures[0].Closure.End);
        Assert.NotNull(_client.Edges.Closures[0].Closure.Files);
    }

    [Fact]
    public async Task Scenario15_Dispose_during_a_start_and_calls_after_it()
    {
        SessionFront front = _client.AddMagnet(PlainTorrent);
        Task start = _client.Start(front);
        Task selecting = front.Handle.WaitForMetadataAsync();
        Task first = front.Handle.DisposeAsync().AsTask();
        Task second = front.Handle.DisposeAsync().AsTask();
        _client.Until(() => first.IsCompleted && second.IsCompleted);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => selecting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => front.Handle.PauseAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => front.Handle.WaitForCompletionAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => front.Handle.RemoveAsync(deleteFiles: true));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => front.Handle.SelectFilesAsync(_ => true));
        await foreach (SessionStatus status in front.Handle.WatchAsync())
            Assert.Equal(SessionState.Closed, status.State);
    }

    [Fact]
    public void After_closing_was_given_up_the_torrent_can_be_added_again_and_late_answers_of_the_disk_change_nothing()
    {
        var client = new CoreHarness(o => o with { StateDirectory = "/state" });
        SessionFront first = client.Add();
        Assert.True(client.Start(first).IsCompletedSuccessfully);
        client.Advance(10);
        FakeStore store = client.Edges.LastStore!;
        client.Edges.ClosesFiles = false;
        Task disposed = first.Handle.DisposeAsync().AsTask();
        client.Until(() => client.Edges.Closures.Count > 0);
        Assert.False(first.IsAbandoned);
        client.Advance(5);
        client.Until(() => disposed.IsCompleted);
        Assert.True(first.IsAbandoned);
        Assert.Equal(1, client.Log.Count(32));

        client.Edges.ClosesFiles = true;
        SessionFront second = client.Add();
        Assert.True(client.Start(second).IsCompletedSuccessfully);
        client.Mailbox.Post(new StoreClosedMessage(first.Core, new IOException("at last, and wrong")));
        client.Mailbox.Post(new StateSavedMessage(first.Core, null));
        client.Mailbox.Post(new StoreFlushedMessage(first.Core, null));
        client.Mailbox.Post(new PieceVerdictMessage(first.Core, PieceVerdict.Rent(0, isGood: true, null)));
        client.Run();
        Assert.Equal(SessionState.Downloading, second.Board.Latest.State);
        Assert.Null(second.Board.Latest.Error);
        Assert.Equal(0, second.Board.Latest.VerifiedBytes);
        Assert.NotSame(store, second.Core.Store);
    }

    [Fact]
    public void A_session_that_closes_in_time_is_not_abandoned()
    {
        SessionFront front = _client.Add();
        Assert.True(_client.Start(front).IsCompletedSuccessfully);
        Task disposed = front.Handle.DisposeAsync().AsTask();
        _client.Until(() => disposed.IsCompleted);
        Assert.False(front.IsAbandoned);
    }

    [Fact]
    public async Task What_an_abandoned_session_saves_late_does_not_touch_its_successors_state()
    {
        string folder = Directory.CreateTempSubdirectory("ccbt-abandoned-").FullName;
        try
        {
            using var state = new StateDirectory(folder, OperatingSystemDisk.Instance, _client.Log);
            state.Open();
            SessionFront first = _client.Add();
            ResumeData data = new() { HashV1 = first.InfoHash, SaveDirectory = "/first" };
            await state.SaveAsync(data with { SaveDirectory = "/second" }, first);
            first.IsAbandoned = true;
            await state.SaveAsync(data, first);
            await state.DeleteAsync(first);
            Assert.Equal("/second", Assert.Single(await state.LoadSessionsAsync(default)).Options.SaveDirectory);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
