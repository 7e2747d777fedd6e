using CcBt.Core.Session;
using CcBt.Core.Storage;
using CcBt.Core.Tests.Metainfo;

namespace CcBt.Core.Tests.Session;

/// <summary>Which files a session wants, and when a choice is in force.</summary>
public sealed class SessionSelectionTests
{
    private static readonly Torrent s_torrent = TorrentBytes.Multi(("a", TorrentBytes.PieceLength, ""), ("b", TorrentBytes.PieceLength, ""));

    private readonly CoreHarness _client = new();

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
