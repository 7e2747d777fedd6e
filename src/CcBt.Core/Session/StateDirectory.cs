using CcBt.Core.BEncoding;
using CcBt.Core.Dht;
using CcBt.Core.Storage;
using Microsoft.Extensions.Logging;

namespace CcBt.Core.Session;

/// <summary>
/// What a client keeps between runs: a state for each session, and the DHT tables. Thread-safe.
/// <code>
/// DIR/lock     DIR/dht4.state     DIR/dht6.state     DIR/sessions/INFOHASH.state
/// </code>
/// </summary>
internal sealed class StateDirectory(string directory, IDisk disk, ILogger logger) : IDisposable
{
    private const string Sessions = "sessions";

    private readonly StateFolder _folder = new(directory, disk);

    public string Path => _folder.Root;

    /// <exception cref="TorrentStorageException">The directory cannot be used, or another client uses it.</exception>
    public void Open() => _folder.Open(Sessions);

    /// <summary>The sessions that were there when the last client closed. A state that is not usable is left alone and logged.</summary>
    public async Task<IReadOnlyList<SessionSetup>> LoadSessionsAsync(CancellationToken cancellationToken)
    {
        var setups = new List<SessionSetup>();
        foreach (string name in _folder.Names(Sessions))
        {
            if (!InfoHash.TryParse(name[(Sessions.Length + 1)..], out InfoHash infoHash) || await LoadAsync(infoHash, cancellationToken).ConfigureAwait(false) is not { IsClosed: false } data)
                continue;
            if (SavedSession.ToSetup(data) is { } setup && setup.InfoHash == infoHash)
                setups.Add(setup);
            else
                ClientLog.StateRefused(logger, name, "it does not say what a session needs");
        }
        return setups;
    }

    /// <summary>Adds to a new session what is remembered of it: the metadata, and which pieces were had in this directory.</summary>
    public async Task<SessionSetup> RecallAsync(SessionSetup setup, CancellationToken cancellationToken)
        => await LoadAsync(setup.InfoHash, cancellationToken).ConfigureAwait(false) is { } data ? SavedSession.Recall(setup, data) : setup;

    /// <summary>Saves a session's state, unless the session was abandoned meanwhile.</summary>
    /// <exception cref="TorrentStorageException">The state could not be saved; what was saved before is still there.</exception>
    public Task SaveAsync(ResumeData data, SessionFront owner)
        => _folder.SaveAsync(NameOf(data.HashV1 ?? data.HashV2!.Value.Truncated), data.ToBytes(), () => !owner.IsAbandoned);

    /// <summary>Deletes a session's state, unless the session was abandoned meanwhile.</summary>
    public Task DeleteAsync(SessionFront owner) => _folder.DeleteAsync(NameOf(owner.InfoHash), () => !owner.IsAbandoned);

    public DhtSnapshot? LoadDht(bool isV6)
    {
        StateLoad load = _folder.Load(DhtName(isV6));
        if (load.Trouble is { } trouble)
            ClientLog.StateRefused(logger, DhtName(isV6), trouble);
        var document = new BDocument();
        return load.IsUsable && document.TryParse(load.Payload, BLimits.File, out _) ? DhtSnapshotCodec.Decode(document.Root, isV6) : null;
    }

    public async Task SaveDhtAsync(DhtSnapshot snapshot)
    {
        try
        {
            await _folder.SaveAsync(DhtName(snapshot.IsV6), DhtSnapshotCodec.Encode(snapshot)).ConfigureAwait(false);
        }
        catch (TorrentStorageException exception)
        {
            ClientLog.SaveFailed(logger, "the DHT", exception);
        }
    }

    public void Dispose() => _folder.Dispose();

    private static string NameOf(InfoHash infoHash) => $"{Sessions}/{infoHash}";

    private static string DhtName(bool isV6) => isV6 ? "dht6" : "dht4";

    private async Task<ResumeData?> LoadAsync(InfoHash infoHash, CancellationToken cancellationToken)
    {
        StateLoad load = await _folder.LoadAsync(NameOf(infoHash), cancellationToken).ConfigureAwait(false);
        if (load.Trouble is { } trouble)
            ClientLog.StateRefused(logger, infoHash.ToString(), trouble);
        if (!load.IsUsable)
            return null;
        if (ResumeData.TryRead(load.Payload, out ResumeData data))
            return data;
        ClientLog.StateRefused(logger, infoHash.ToString(), "it does not say which torrent it is of");
        return null;
    }
}
