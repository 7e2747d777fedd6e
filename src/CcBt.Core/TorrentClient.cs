using System.Net;
using System.Runtime.CompilerServices;
using CcBt.Core.Session;

namespace CcBt.Core;

/// <summary>
/// A BitTorrent client: listens, takes part in the DHT and holds any number of sessions. Every member is safe to call from any
/// thread; what one session does wrong harms no other.
/// </summary>
public sealed class TorrentClient : IAsyncDisposable
{
    private readonly ClientHost _host;

    private TorrentClient(ClientHost host) => _host = host;

    /// <summary>The addresses that the client listens at, with the ports that the operating system chose.</summary>
    public IReadOnlyList<IPEndPoint> ListenEndPoints => _host.ListenEndPoints;

    /// <summary>The sessions that are not disposed, restored ones included.</summary>
    public IReadOnlyList<TorrentSession> Sessions => _host.Sessions;

    /// <summary>The latest picture of the client, renewed about once a second while anything moves.</summary>
    public ClientStatus Status => _host.Core.Board.Latest;

    /// <summary>Binds the listen addresses, joins the DHT in the background and brings back the sessions saved in <see cref="TorrentClientOptions.StateDirectory"/>, unless <see cref="TorrentClientOptions.RestoreSessions"/> is false.</summary>
    /// <param name="options">How the client works; null means the defaults.</param>
    /// <param name="cancellationToken">Cancels opening.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the exception names it.</exception>
    /// <exception cref="TorrentNetworkException">No address could be listened on.</exception>
    /// <exception cref="TorrentStorageException">The state directory cannot be used.</exception>
    public static async Task<TorrentClient> OpenAsync(TorrentClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new TorrentClientOptions();
        options.Validate();
        return new TorrentClient(await ClientHost.OpenAsync(options, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Adds a torrent whose metadata is known. With a <see cref="TorrentClientOptions.StateDirectory"/> it is on the disk when this returns: no crash loses it from then on.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="options">How it is added; <see cref="AddTorrentOptions.SaveDirectory"/> is required.</param>
    /// <param name="cancellationToken">Cancels adding.</param>
    /// <returns>The session, not started unless <see cref="StartMode.WhenPeersFound"/> finds peers.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the exception names it.</exception>
    /// <exception cref="TorrentStorageException">The torrent could not be saved in <see cref="TorrentClientOptions.StateDirectory"/>; it was not added.</exception>
    /// <exception cref="DuplicateTorrentException">The client has a session for this torrent.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public Task<TorrentSession> AddAsync(Torrent torrent, AddTorrentOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(torrent);
        return AddAsync(torrent.SwarmHash, torrent, null, options, cancellationToken);
    }

    /// <summary>Adds a magnet link; the metadata comes from peers once the session is started (BEP 9). With a <see cref="TorrentClientOptions.StateDirectory"/> it is on the disk when this returns.</summary>
    /// <param name="magnet">The link.</param>
    /// <param name="options">How it is added; <see cref="AddTorrentOptions.SaveDirectory"/> is required.</param>
    /// <param name="cancellationToken">Cancels adding.</param>
    /// <returns>The session, not started unless <see cref="StartMode.WhenPeersFound"/> finds peers.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the exception names it.</exception>
    /// <exception cref="TorrentStorageException">The torrent could not be saved in <see cref="TorrentClientOptions.StateDirectory"/>; it was not added.</exception>
    /// <exception cref="DuplicateTorrentException">The client has a session for this torrent.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public Task<TorrentSession> AddAsync(MagnetLink magnet, AddTorrentOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(magnet);
        return AddAsync(magnet.SwarmHash, null, magnet, options, cancellationToken);
    }

    /// <summary>Adds a magnet link or a .torrent file. With a <see cref="TorrentClientOptions.StateDirectory"/> it is on the disk when this returns.</summary>
    /// <param name="source">A magnet link, or the path of a .torrent file.</param>
    /// <param name="options">How it is added; <see cref="AddTorrentOptions.SaveDirectory"/> is required.</param>
    /// <param name="cancellationToken">Cancels adding.</param>
    /// <returns>The session, not started unless <see cref="StartMode.WhenPeersFound"/> finds peers.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the exception names it.</exception>
    /// <exception cref="TorrentFormatException">The magnet link or the file breaks its format.</exception>
    /// <exception cref="TorrentStorageException">The file cannot be read, or the torrent could not be saved in <see cref="TorrentClientOptions.StateDirectory"/>; it was not added.</exception>
    /// <exception cref="DuplicateTorrentException">The client has a session for this torrent.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public async Task<TorrentSession> AddAsync(string source, AddTorrentOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(source);
        if (source.StartsWith("magnet:", StringComparison.OrdinalIgnoreCase))
            return await AddAsync(MagnetLink.Parse(source), options, cancellationToken).ConfigureAwait(false);
        Torrent torrent = await Torrent.LoadAsync(source, cancellationToken).ConfigureAwait(false);
        return await AddAsync(torrent, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Searches the DHT for peers of a torrent, without adding it and without announcing anything.</summary>
    /// <param name="infoHash">The name of the swarm.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The peers, in the batches in which nodes name them, until the search has asked the nodes closest to the hash. While no node answers it waits for one; cancel it to give up.</returns>
    /// <exception cref="TorrentStateException">The DHT is off.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public async IAsyncEnumerable<IReadOnlyList<IPEndPoint>> FindPeersAsync(InfoHash infoHash, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (!_host.Options.EnableDht)
            throw new TorrentStateException(TorrentErrorCode.WrongState, "The DHT is off. Open the client with EnableDht.", infoHash.ToString(), isTransient: false);
        var lookup = new ClientLookup();
        if (!_host.Pump.Post(new CallMessage((core, now) => core.Dht.FindPeers(infoHash, 0, lookup.Begin(core.Dht.FamilyCount), now))))
            throw new ObjectDisposedException(nameof(TorrentClient));
        try
        {
            await foreach (IReadOnlyList<IPEndPoint> peers in lookup.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return peers;
        }
        finally
        {
            _host.Pump.Post(new CallMessage((core, now) => core.Dht.Cancel(lookup, now)));
        }
    }

    /// <summary>Changes the client's rate limits at once; they bound all sessions together.</summary>
    /// <param name="downloadBytesPerSecond">The most payload bytes received per second; 0 means unlimited.</param>
    /// <param name="uploadBytesPerSecond">The most payload bytes sent per second; 0 means unlimited.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is negative.</exception>
    public void SetRateLimits(long downloadBytesPerSecond, long uploadBytesPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(downloadBytesPerSecond);
        ArgumentOutOfRangeException.ThrowIfNegative(uploadBytesPerSecond);
        _host.SetRateLimits(downloadBytesPerSecond, uploadBytesPerSecond);
    }

    /// <summary>
    /// Closes every session as its own dispose does, and the client. With a <see cref="TorrentClientOptions.StateDirectory"/> the sessions that were open
    /// come back when a client is opened on it again. It ends within about 5 seconds. Disposing twice changes nothing.
    /// </summary>
    /// <returns>A task that ends when everything is released.</returns>
    public ValueTask DisposeAsync() => _host.DisposeAsync();

    internal static async Task<TorrentSession> OpenSingleAsync(string source, string saveDirectory, CancellationToken cancellationToken)
    {
        TorrentClient client = await OpenAsync(null, cancellationToken).ConfigureAwait(false);
        try
        {
            TorrentSession session = await client.AddAsync(source, new AddTorrentOptions { SaveDirectory = saveDirectory }, cancellationToken).ConfigureAwait(false);
            session.OwnedClient = client;
            return session;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private Task<TorrentSession> AddAsync(InfoHash infoHash, Torrent? torrent, MagnetLink? magnet, AddTorrentOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return _host.AddAsync(infoHash, torrent, magnet, options with { SaveDirectory = Path.GetFullPath(options.SaveDirectory) }, cancellationToken);
    }
}
