using CcBt.Core.Session;
using CcBt.Core.Storage;
using static CcBt.Core.Tests.Session.CoreHarness;

namespace CcBt.Core.Tests.Session;

/// <summary>What fails for good, and whom it leaves alone.</summary>
public sealed class FaultScenarioTests
{
    private readonly CoreHarness _client = new();

    [Fact]
    public async Task A_permanent_failure_is_given_again_to_each_later_call()
    {
        _client.Edges.OpensFiles = false;
        SessionFront front = _client.Add(start: StartMode.WhenPeersFound);
        Task start = _client.Start(front);
        var refused = new TorrentStorageException(TorrentErrorCode.AccessDenied, "no", "/downloads", isTransient: false);
        _client.Edges.FailFiles(refused);
        _client.Run();

        Assert.Same(refused, await Assert.ThrowsAsync<TorrentStorageException>(() => start));
        Assert.Same(refused, await Assert.ThrowsAsync<TorrentStorageException>(() => front.Handle.StartAsync()));
        Assert.Same(refused, await Assert.ThrowsAsync<TorrentStorageException>(() => front.Handle.WaitForCompletionAsync()));
        Assert.Equal(SessionState.Faulted, front.Board.Latest.State);
        front.Door.Report(KnockSource.Dht, [Peer(1)], lookupEnded: true);
        _client.Advance(1000);
        Assert.Equal(1, front.Gate.Counters.Begun);
        Assert.Empty(_client.Edges.Dialled);
    }

    [Fact]
    public async Task A_file_filter_that_throws_fails_the_start_with_its_name_and_leaves_others_alone()
    {
        SessionFront other = _client.Add(PrivateTorrent);
        SessionFront front = _client.Add(change: o => o with { FileFilter = _ => throw new InvalidOperationException("oops") });
        TorrentStateException error = await Assert.ThrowsAsync<TorrentStateException>(() => _client.Start(front));

        Assert.Contains(nameof(AddTorrentOptions.FileFilter), error.Message, StringComparison.Ordinal);
        Assert.Contains("oops", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
        Assert.True(_client.Start(other).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task What_a_step_throws_faults_its_session_and_no_other()
    {
        SessionFront front = _client.Add(start: StartMode.WhenPeersFound), other = _client.Add(PrivateTorrent, StartMode.WhenPeersFound);
        Assert.True(_client.Start(front).IsCompletedSuccessfully);
        front.AddPeers([Peer(1).ToEndPoint()]);
        _client.Advance(1);

        _client.On(front, (_, _) => throw new InvalidOperationException("a mistake of ours"));

        Assert.Equal(SessionState.Faulted, front.Board.Latest.State);
        Assert.Contains("a mistake of ours", front.Board.Latest.Error!.Message, StringComparison.Ordinal);
        Assert.All(_client.Edges.Dialled, l => Assert.NotNull(l.Closed));
        await Assert.ThrowsAsync<TorrentStateException>(() => front.Handle.StartAsync());
        Assert.True(_client.Start(other).IsCompletedSuccessfully);
        Task disposed = front.Handle.DisposeAsync().AsTask();
        _client.Until(() => disposed.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_transient_failure_is_tried_again_by_itself()
    {
        _client.Edges.OpensFiles = false;
        SessionFront front = _client.Add();
        Task start = _client.Start(front);
        _client.Edges.FailFiles(new IOException("the disk sleeps"));
        _client.Run();
        Assert.IsType<TorrentStateException>(start.Exception!.InnerException);
        Assert.Equal("the disk sleeps", front.Board.Latest.Error!.Message);

        _client.Edges.OpensFiles = true;
        _client.Advance(2);
        Assert.Equal(SessionState.Downloading, front.Board.Latest.State);
        Assert.Equal(new StartCounters(2, 0, 1, 1, 0), front.Gate.Counters);
    }
}
