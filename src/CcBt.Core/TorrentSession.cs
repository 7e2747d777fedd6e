namespace CcBt.Core;

/// <summary>One torrent in a client.</summary>
public sealed class TorrentSession
{
    internal TorrentSession()
    {
    }

    /// <summary>Begins or joins the one start.</summary>
    /// <param name="cancellationToken">Cancels only the caller's wait.</param>
    /// <returns>The start.</returns>
    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <summary>Silences the session.</summary>
    /// <param name="cancellationToken">Cancels only the caller's wait.</param>
    /// <returns>The pause.</returns>
    public Task PauseAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
}
