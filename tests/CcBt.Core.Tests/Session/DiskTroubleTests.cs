using CcBt.Core.Session;
using CcBt.Core.Storage;
using static CcBt.Core.Tests.Session.CoreHarness;

namespace CcBt.Core.Tests.Session;

/// <summary>A disk that is full, refuses a flush or never saves: told, and overcome without anybody's help.</summary>
public sealed class DiskTroubleTests
{
    private readonly CoreHarness _client = new();

    [Fact]
    public void A_full_disk_is_a_problem_of_the_status_until_a_piece_is_written()
    {
        SessionFront front = Started();
        _client.Mailbox.Post(new PieceVerdictMessage(front.Core, PieceVerdict.Rent(0, isGood: false, Full())));
        _client.Advance(2);
        Assert.Equal(TorrentErrorCode.DiskFull, front.Board.Latest.Error!.Code);
        Assert.Equal(SessionState.Downloading, front.Board.Latest.State);

        for (int piece = 0; piece < PlainTorrent.PieceCount; piece++)
            _client.Mailbox.Post(new PieceVerdictMessage(front.Core, PieceVerdict.Rent(piece, isGood: true, null)));
        _client.Advance(2);
        Assert.Null(front.Board.Latest.Error);
        Assert.Equal(SessionState.Seeding, front.Board.Latest.State);
        Assert.True(front.Handle.WaitForCompletionAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public void A_flush_that_fails_is_tried_again_and_completes_only_then()
    {
        SessionFront front = Started();
        FakeStore store = _client.Edges.LastStore!;
        store.Answers = false;
        for (int piece = 0; piece < PlainTorrent.PieceCount; piece++)
            _client.Mailbox.Post(new PieceVerdictMessage(front.Core, PieceVerdict.Rent(piece, isGood: true, null)));
        _client.Run();
        _client.Mailbox.Post(new StoreFlushedMessage(front.Core, Full()));
        _client.Advance(2);
        Assert.Equal(TorrentErrorCode.DiskFull, front.Board.Latest.Error!.Code);
        Assert.False(front.Handle.WaitForCompletionAsync().IsCompleted);

        store.Answers = true;
        _client.Advance(10);
        Assert.True(front.Handle.WaitForCompletionAsync().IsCompletedSuccessfully);
        Assert.Equal(2, store.Calls.Count(c => c.StartsWith("finish", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_write_that_can_never_succeed_faults_the_session()
    {
        SessionFront front = Started();
        var refused = new TorrentStorageException(TorrentErrorCode.AccessDenied, "read-only", "/downloads", isTransient: false);
        _client.Mailbox.Post(new PieceVerdictMessage(front.Core, PieceVerdict.Rent(0, isGood: false, refused)));
        _client.Run();
        Assert.Equal(SessionState.Faulted, front.Board.Latest.State);
        Assert.Same(refused, front.Handle.WaitForCompletionAsync().Exception!.InnerException);
    }

    [Fact]
    public void The_last_state_waits_for_a_save_under_way_and_nothing_is_saved_behind_it()
    {
        var client = new CoreHarness(o => o with { StateDirectory = "/state" });
        client.Edges.SavesState = false;
        SessionFront front = client.Add();
        Assert.Single(client.Edges.Saved);
        Task removed = front.Handle.RemoveAsync(deleteFiles: false);
        client.Until(() => front.Gate.State.Phase == GatePhase.Closed);
        client.Advance(1);
        Assert.Empty(client.Edges.Closures);

        client.Mailbox.Post(new StateSavedMessage(front.Core, null));
        client.Until(() => removed.IsCompletedSuccessfully);
        client.Advance(60);
        Assert.Null(Assert.Single(client.Edges.Closures).Closure.Resume);
        Assert.Single(client.Edges.Saved);
    }

    private SessionFront Started()
    {
        SessionFront front = _client.Add();
        Assert.True(_client.Start(front).IsCompletedSuccessfully);
        return front;
    }

    private static TorrentStorageException Full() => new(TorrentErrorCode.DiskFull, "no space", "/downloads/file.bin", isTransient: true);
}
