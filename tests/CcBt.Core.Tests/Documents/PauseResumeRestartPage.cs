namespace CcBt.Core.Tests.Documents;

/// <summary>What docs/pause-resume-restart.md shows.</summary>
internal static class PauseResumeRestartPage
{
    public static async Task PauseAsync(TorrentSession session, CancellationToken cancellationToken)
    {
        await session.PauseAsync(cancellationToken);
        await session.StartAsync(cancellationToken); // resumes
    }

    public static async Task RestartAsync(CancellationToken cancellationToken)
    {
        await using TorrentClient client = await TorrentClient.OpenAsync(new TorrentClientOptions { StateDirectory = "state" }, cancellationToken);
        foreach (TorrentSession session in client.Sessions)
            Console.WriteLine($"{session.InfoHash} goes on in {session.SaveDirectory}");
    }

    public static async Task EndAsync(TorrentSession kept, TorrentSession unwanted, CancellationToken cancellationToken)
    {
        await kept.DisposeAsync();
        await unwanted.RemoveAsync(deleteFiles: true, cancellationToken);
    }
}
