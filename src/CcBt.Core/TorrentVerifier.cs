using CcBt.Core.Storage;

namespace CcBt.Core;

/// <summary>
/// Compares files on disk with a torrent, on all cores, without changing anything and without a client. Its members are safe to
/// use from any thread.
/// </summary>
public static class TorrentVerifier
{
    /// <summary>Hashes the files of a torrent. Missing files cost no time; nothing is created or changed.</summary>
    /// <param name="torrent">The torrent; it must have a version 1 part.</param>
    /// <param name="directory">The save directory, in which the torrent's own file or directory lies.</param>
    /// <param name="progress">Told a growing number of bytes from any thread; null for none.</param>
    /// <param name="cancellationToken">Ends the verification within a few megabytes.</param>
    /// <returns>What was found. Files that are missing, wrong, not readable or behind a symbolic link are no error.</returns>
    /// <exception cref="TorrentStateException">The torrent is of version 2 only, which this version does not verify.</exception>
    /// <exception cref="TorrentStorageException">The directory cannot be looked at.</exception>
    public static async Task<VerifyReport> VerifyAsync(
        Torrent torrent,
        string directory,
        IProgress<HashProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(torrent);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (torrent.InfoHashV1 is null)
        {
            throw new TorrentStateException(TorrentErrorCode.UnsupportedTorrent,
                $"The torrent '{torrent.Name}' is of version 2 only; this version cannot verify it.", torrent.Name, isTransient: false);
        }
        using var handles = new HandleCache();
        var options = new StorageOptions
        {
            Directory = directory,
            Name = torrent.SwarmHash.ToString(),
            Layout = torrent.Layout,
            Files = [.. torrent.Files.Select(static file => new StoredFile(file.Path, file.Length))],
            Verifier = torrent.CreateVerifier(),
            Budget = new WriteBudget(),
            Handles = handles,
            IsReadOnly = true,
        };
        TorrentStorage storage = await TorrentStorage.OpenAsync(options, cancellationToken).ConfigureAwait(false);
        await using (storage.ConfigureAwait(false))
        {
            HashProgressRelay? relay = progress is null ? null : new HashProgressRelay(progress, torrent.Layout.TotalLength);
            CheckResult result = await storage.CheckAsync(relay, cancellationToken).ConfigureAwait(false);
            FileVerification[] files = [.. torrent.Files.Select((file, i) => new FileVerification(file.Path, result.Files[i]))];
            return new VerifyReport(files, result.GoodPieceCount, torrent.PieceCount, result.GoodBytes(torrent.Layout));
        }
    }
}
