using System.Net;
using CcBt.Core.Session;

namespace CcBt.Core;

/// <summary>
/// One torrent in a client: discovery, download, verification and seeding. However many callers and peer callbacks ask for it,
/// its download starts exactly once. Every member is safe to call from any thread; disposing stops the session for good, and
/// adding the torrent again goes on where it stopped.
/// </summary>
public sealed class TorrentSession : IAsyncDisposable
{
    private readonly SessionFront _front;

    internal TorrentSession(SessionFront front) => _front = front;

    /// <summary>
    /// Raised when peers were found and when a search for them ended, in order, one at a time, on a thread pool thread without any captured
    /// context. A handler that throws is logged and harms nobody. While one is slow 2,000 events wait; more are dropped and counted (see <see cref="PeersDiscoveredEventArgs.Missed"/>).
    /// Disposing never waits for a handler that is running. What was found before the first handler was attached is told to it (up to 16 discoveries of 200 peers).
    /// </summary>
    public event EventHandler<PeersDiscoveredEventArgs>? PeersDiscovered
    {
        add => _front.Events.Raised += value;
        remove => _front.Events.Raised -= value;
    }

    /// <summary>A client that exists for this session alone and is disposed with it.</summary>
    internal TorrentClient? OwnedClient { get; set; }

    /// <summary>The name of the swarm that the session takes part in.</summary>
    public InfoHash InfoHash => _front.InfoHash;

    /// <summary>The torrent; null until the metadata of a magnet link is known.</summary>
    public Torrent? Torrent => _front.Torrent;

    /// <summary>The directory that the torrent's files are written below, as a full path.</summary>
    public string SaveDirectory => _front.SaveDirectory;

    /// <summary>The latest picture of the session. Reading it costs nothing.</summary>
    public SessionStatus Status => _front.Board.Latest;

    /// <summary>How often the start was begun, joined, failed, retried and closed.</summary>
    public StartCounters StartCounters => _front.Gate.Counters;

    /// <summary>The connected peers as of the last status.</summary>
    public IReadOnlyList<PeerStatus> Peers => _front.Peers;

    /// <summary>The trackers as of the last status.</summary>
    public IReadOnlyList<TrackerStatus> Trackers => _front.Trackers;

    /// <summary>Opens a client of its own for one torrent; disposing the session disposes the client.</summary>
    /// <param name="source">A magnet link, or the path of a .torrent file.</param>
    /// <param name="saveDirectory">The directory that the torrent's files are written below; it is created when missing.</param>
    /// <param name="cancellationToken">Cancels opening.</param>
    /// <returns>The session, not started.</returns>
    /// <exception cref="TorrentFormatException">The magnet link or the file breaks its format.</exception>
    /// <exception cref="TorrentNetworkException">No address could be listened on.</exception>
    /// <exception cref="TorrentStorageException">The .torrent file cannot be read.</exception>
    public static Task<TorrentSession> OpenAsync(string source, string saveDirectory, CancellationToken cancellationToken = default)
        => TorrentClient.OpenSingleAsync(source, saveDirectory, cancellationToken);

    /// <summary>
    /// Begins the start or joins the one in flight, and resumes a paused session. The start has succeeded when the metadata is
    /// known, the files are open and checked, and downloading or seeding goes on; no peer is needed for a torrent whose metadata is known.
    /// </summary>
    /// <param name="cancellationToken">Cancels only this caller's wait, never the start.</param>
    /// <returns>A task for the one start; once started it is complete at once.</returns>
    /// <exception cref="TorrentException">The start failed; every caller who had joined it sees the same exception, and the next call tries again. A faulted session gives its error each time.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled, or the session was disposed while it started.</exception>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default) => _front.StartAsync(cancellationToken);

    /// <summary>
    /// Silences the session: peers are disconnected, trackers are told, files are closed. Known peers and progress stay. A start in
    /// flight stays in flight and goes on when the session is resumed by <see cref="StartAsync"/>. Pausing twice changes nothing.
    /// </summary>
    /// <param name="cancellationToken">Cancels only this caller's wait.</param>
    /// <returns>A task that ends when the session is silent.</returns>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public Task PauseAsync(CancellationToken cancellationToken = default)
        => _front.PauseAsync().WaitAsync(cancellationToken);

    /// <summary>Adds peers to the session's pool and, in <see cref="StartMode.WhenPeersFound"/>, begins the start.</summary>
    /// <param name="peers">Addresses; unusable ones (port 0, our own, banned) are passed over.</param>
    /// <returns>How many of them the session did not know; 0 for a disposed session.</returns>
    public int AddPeers(IEnumerable<IPEndPoint> peers)
    {
        ArgumentNullException.ThrowIfNull(peers);
        return _front.AddPeers(peers);
    }

    /// <summary>The discoveries of <see cref="PeersDiscovered"/> as a stream. It ends when the session is disposed; a reader that falls 2,000 behind loses the oldest.</summary>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <returns>The stream.</returns>
    public IAsyncEnumerable<PeersDiscoveredEventArgs> WatchPeersAsync(CancellationToken cancellationToken = default)
        => _front.Events.WatchAsync(cancellationToken);

    /// <summary>The session's status now and whenever it changes, at most about four times a second. It ends when the session is disposed; slow readers skip to the newest.</summary>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <returns>The stream.</returns>
    public IAsyncEnumerable<SessionStatus> WatchAsync(CancellationToken cancellationToken = default)
        => _front.Board.WatchAsync(cancellationToken);

    /// <summary>Waits until the metadata is known.</summary>
    /// <param name="cancellationToken">Cancels only this caller's wait.</param>
    /// <returns>The torrent.</returns>
    /// <exception cref="TorrentException">The session is faulted.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed.</exception>
    public Task<Torrent> WaitForMetadataAsync(CancellationToken cancellationToken = default)
        => _front.Metadata.Task.WaitAsync(cancellationToken);

    /// <summary>Waits until every selected piece is verified and written. It does not start the download.</summary>
    /// <param name="cancellationToken">Cancels only this caller's wait.</param>
    /// <returns>A task that ends when the download is complete.</returns>
    /// <exception cref="TorrentException">The session is faulted.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed before it was complete.</exception>
    public Task WaitForCompletionAsync(CancellationToken cancellationToken = default)
        => _front.Completion.Task.WaitAsync(cancellationToken);

    /// <summary>Chooses the files to download. Files that are not chosen never appear on disk; files already written stay.</summary>
    /// <param name="filter">Asked once for each file.</param>
    /// <param name="cancellationToken">Cancels only this caller's wait.</param>
    /// <returns>A task that ends when the choice is in force. Choices are put in force one after the other, in the order of the calls.</returns>
    /// <exception cref="TorrentStateException">The metadata is not known yet.</exception>
    /// <exception cref="TorrentStorageException">Data could not be moved to a file that was newly chosen.</exception>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public Task SelectFilesAsync(Func<TorrentFile, bool> filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return _front.SelectFilesAsync(filter).WaitAsync(cancellationToken);
    }

    /// <summary>Changes the session's rate limits at once.</summary>
    /// <param name="downloadBytesPerSecond">The most payload bytes received per second; 0 means unlimited.</param>
    /// <param name="uploadBytesPerSecond">The most payload bytes sent per second; 0 means unlimited.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is negative.</exception>
    public void SetRateLimits(long downloadBytesPerSecond, long uploadBytesPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(downloadBytesPerSecond);
        ArgumentOutOfRangeException.ThrowIfNegative(uploadBytesPerSecond);
        _front.SetRateLimits(downloadBytesPerSecond, uploadBytesPerSecond);
    }

    /// <summary>Stops the session and forgets it: its saved state is deleted, and its files too when asked.</summary>
    /// <param name="deleteFiles">Whether the torrent's files are deleted, with directories that become empty.</param>
    /// <param name="cancellationToken">Cancels only this caller's wait.</param>
    /// <returns>A task that ends when all is gone.</returns>
    /// <exception cref="TorrentStorageException">A file could not be deleted, or the client was disposed before the disk had done it.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed before; nothing is deleted.</exception>
    public async Task RemoveAsync(bool deleteFiles, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(!_front.TryRemove(deleteFiles, out Task removed), this);
        try
        {
            await removed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (OwnedClient is not null)
                await OwnedClient.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Stops the session: a start in flight is cancelled and awaited, trackers are told, state is saved, everything is released.
    /// It ends within about 5 seconds. With a <see cref="TorrentClientOptions.StateDirectory"/>, adding the torrent again goes on where it
    /// stopped; the session does not come back by itself. Disposing twice changes nothing.
    /// </summary>
    /// <returns>A task that ends when everything is released.</returns>
    public async ValueTask DisposeAsync()
    {
        // What could not be saved or deleted is logged, and told to whoever removed the session.
        await _front.CloseAsync(SessionEnd.Stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (OwnedClient is not null)
            await OwnedClient.DisposeAsync().ConfigureAwait(false);
    }
}
