using CcBt.Core.Session;
using CcBt.Core.Storage;
using CcBt.Core.Tests.Metainfo;
using CcBt.Core.Wire;

namespace CcBt.Core.Tests.Session;

/// <summary>Which files a session wants, and when a choice is in force.</summary>
public sealed class SessionSelectionTests
{
    private static readonly Torrent s_torrent = TorrentBytes.Multi(("a", TorrentBytes.PieceLength, ""), ("b", TorrentBytes.PieceLength, ""));

    private readonly CoreHarness _client = new();

    /// <summary>A started session that has so many of its two pieces.</summary>
    private SessionFront StartedWith(int pieces)
    {
        _client.Edges.Files = order =>
        {
            var have = new PieceSet(order.Torrent.PieceCount);
            for (int piece = 0; piece < pieces; piece++)
                have.Add(piece);
            return have;
        };
        SessionFront front = _client.Add(s_torrent);
        Assert.True(_client.Start(front).IsCompletedSuccessfully);
        return front;
    }

    private void Verify(SessionFront front, int piece)
    {
        _client.Mailbox.Post(new PieceVerdictMessage(front.Core, PieceVerdict.Rent(piece, isGood: true, null)));
        _client.Run();
    }

    [Fact]
    public void A_choice_during_the_opening_of_the_files_is_put_in_force_behind_it()
    {
        _client.Edges.OpensFiles = false;
        SessionFront front = _client.Add(s_torrent);
        _ = _client.Start(front);
        Task chosen = front.SelectFilesAsync(f => f.Path.EndsWith('b'));
        _client.Run();
        Assert.False(chosen.IsCompleted);
        Assert.Equal([true, true], _client.Edges.Opened[0].Order.WantedFiles);

        _client.Edges.OpenFiles();
        _client.Until(() => chosen.IsCompletedSuccessfully);
        Assert.Contains("select 01", _client.Edges.LastStore!.Calls);
        Assert.Equal(TorrentBytes.PieceLength, front.Board.Latest.SelectedBytes);
    }

    [Fact]
    public void A_choice_whose_files_fail_to_open_counts_at_the_next_attempt()
    {
        _client.Edges.OpensFiles = false;
        SessionFront front = _client.Add(s_torrent);
        _ = _client.Start(front);
        Task chosen = front.SelectFilesAsync(f => f.Path.EndsWith('b'));
        _client.Run();
        _client.Edges.FailFiles(new IOException("not now"));
        _client.Until(() => chosen.IsCompletedSuccessfully);
        _client.Advance(2);
        Assert.Equal([false, true], _client.Edges.Opened[1].Order.WantedFiles);
    }

    [Fact]
    public void A_choice_behind_another_one_waits_and_counts()
    {
        SessionFront front = _client.Add(s_torrent);
        _ = _client.Start(front);
        _client.Edges.LastStore!.Answers = false;
        Task first = front.SelectFilesAsync(_ => true), second = front.SelectFilesAsync(f => f.Path.EndsWith('b'));
        _client.Run();
        _client.Mailbox.Post(new StoreSelectedMessage(front.Core, null));
        _client.Until(() => first.IsCompletedSuccessfully);
        Assert.False(second.IsCompleted);
        _client.Mailbox.Post(new StoreSelectedMessage(front.Core, null));
        _client.Until(() => second.IsCompletedSuccessfully);
        Assert.Equal(TorrentBytes.PieceLength, front.Board.Latest.SelectedBytes);
    }

    [Fact]
    public void Files_get_their_shape_for_the_newest_choice_when_one_came_before_the_flush()
    {
        SessionFront front = StartedWith(pieces: 1);
        FakeStore store = _client.Edges.LastStore!;
        store.Answers = false;
        Task chosen = front.SelectFilesAsync(f => f.Path.EndsWith('a'));
        _client.Run();
        // All of the former choice is there while the newer one is on its way to the files.
        Verify(front, piece: 1);
        Assert.Equal("select 10", store.Calls[^1]);

        _client.Mailbox.Post(new StoreSelectedMessage(front.Core, null));
        _client.Until(() => chosen.IsCompletedSuccessfully);
        Assert.Equal("finish 10", store.Calls[^1]);
        _client.Mailbox.Post(new StoreFlushedMessage(front.Core, null));
        _client.Run();
        Assert.True(front.Board.Latest.IsComplete);
    }

    [Fact]
    public void A_choice_of_less_during_the_flush_has_the_files_flushed_again()
    {
        SessionFront front = StartedWith(pieces: 1);
        FakeStore store = _client.Edges.LastStore!;
        store.Answers = false;
        Verify(front, piece: 1);
        Assert.Equal("finish 11", store.Calls[^1]);
        Task chosen = front.SelectFilesAsync(f => f.Path.EndsWith('a'));
        _client.Mailbox.Post(new StoreSelectedMessage(front.Core, null));
        _client.Until(() => chosen.IsCompletedSuccessfully);
        _client.Mailbox.Post(new StoreFlushedMessage(front.Core, null));
        _client.Run();
        Assert.False(front.Board.Latest.IsComplete);
        Assert.Equal("finish 10", store.Calls[^1]);
        _client.Mailbox.Post(new StoreFlushedMessage(front.Core, null));
        _client.Run();
        Assert.True(front.Board.Latest.IsComplete);
        Assert.True(front.Handle.WaitForCompletionAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public void A_choice_of_more_during_the_flush_leaves_it_incomplete()
    {
        SessionFront front = StartedWith(pieces: 0);
        FakeStore store = _client.Edges.LastStore!;
        Task only = front.SelectFilesAsync(f => f.Path.EndsWith('a'));
        _client.Until(() => only.IsCompletedSuccessfully);
        store.Answers = false;
        Verify(front, piece: 0);
        Assert.Equal("finish 10", store.Calls[^1]);
        Task all = front.SelectFilesAsync(_ => true);
        _client.Mailbox.Post(new StoreSelectedMessage(front.Core, null));
        _client.Until(() => all.IsCompletedSuccessfully);
        _client.Mailbox.Post(new StoreFlushedMessage(front.Core, null));
        _client.Run();
        Assert.False(front.Board.Latest.IsComplete);
        Assert.Equal(SessionState.Downloading, front.Board.Latest.State);
        Assert.False(front.Handle.WaitForCompletionAsync().IsCompleted);
    }

    [Fact]
    public void A_flush_that_fails_is_not_tried_again_for_files_that_lack_pieces_by_then()
    {
        SessionFront front = StartedWith(pieces: 0);
        FakeStore store = _client.Edges.LastStore!;
        Task only = front.SelectFilesAsync(f => f.Path.EndsWith('a'));
        _client.Until(() => only.IsCompletedSuccessfully);
        store.Answers = false;
        Verify(front, piece: 0);
        _client.Mailbox.Post(new StoreFlushedMessage(front.Core, new TorrentStorageException(TorrentErrorCode.DiskFull, "no space", "/downloads", isTransient: true)));
        _client.Run();
        Task all = front.SelectFilesAsync(_ => true);
        _client.Mailbox.Post(new StoreSelectedMessage(front.Core, null));
        _client.Until(() => all.IsCompletedSuccessfully);
        int finishes = store.Calls.Count(c => c.StartsWith("finish", StringComparison.Ordinal));
        _client.Advance(60);
        Assert.Equal(finishes, store.Calls.Count(c => c.StartsWith("finish", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_choice_under_way_ends_with_the_session()
    {
        SessionFront front = _client.Add(s_torrent);
        _ = _client.Start(front);
        _client.Edges.LastStore!.Answers = false;
        Task chosen = front.SelectFilesAsync(_ => true);
        _client.Run();
        Task disposed = front.Handle.DisposeAsync().AsTask();
        _client.Until(() => disposed.IsCompleted && chosen.IsCompleted);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => chosen);
    }

    [Fact]
    public void Choosing_more_files_after_the_end_makes_the_download_incomplete_again()
    {
        SessionFront front = _client.Add(s_torrent, change: o => o with { FileFilter = f => f.Path.EndsWith('a') });
        _ = _client.Start(front);
        Verdict(front, 0);
        Task first = front.Handle.WaitForCompletionAsync();
        _client.Until(() => first.IsCompletedSuccessfully);
        Assert.Equal(SessionState.Seeding, front.Board.Latest.State);

        Task chosen = front.SelectFilesAsync(_ => true);
        _client.Until(() => chosen.IsCompletedSuccessfully);
        Task second = front.Handle.WaitForCompletionAsync();
        Assert.False(second.IsCompleted);
        Assert.Equal(SessionState.Downloading, front.Board.Latest.State);
        Verdict(front, 1);
        _client.Until(() => second.IsCompletedSuccessfully);
    }

    private void Verdict(SessionFront front, int piece)
    {
        _client.Mailbox.Post(new PieceVerdictMessage(front.Core, PieceVerdict.Rent(piece, isGood: true, null)));
        _client.Run();
    }
}
