using CcBt.Core.Metainfo;
using CcBt.Core.Storage;

namespace CcBt.Core;

/// <summary>Creates torrents from files on disk. Its members are safe to use from any thread.</summary>
public static class TorrentCreator
{
    /// <summary>
    /// Hashes a file, or all files below a directory, and makes a version 1 torrent of them. Files are taken in the ordinal order of their
    /// paths, so the same content gives the same info hash on every system. Symbolic links are left out, and so are directories without files.
    /// </summary>
    /// <param name="path">The file or directory.</param>
    /// <param name="options">How the torrent is made; null takes the defaults.</param>
    /// <param name="progress">Is told the bytes hashed so far; null when nobody wants to know.</param>
    /// <param name="cancellationToken">Ends the hashing.</param>
    /// <returns>The torrent.</returns>
    /// <exception cref="ArgumentException">An option is out of range, or the piece length makes too many pieces for the content.</exception>
    /// <exception cref="TorrentStorageException">A file cannot be read, changes while it is read, has a name that other systems refuse, or there is no content.</exception>
    public static async Task<Torrent> CreateAsync(
        string path,
        CreateTorrentOptions? options = null,
        IProgress<HashProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new CreateTorrentOptions();
        options.Validate();
        TorrentDetails details = ReadDetails(options);
        Payload payload = await Payload.ScanAsync(path, cancellationToken).ConfigureAwait(false);
        string name = options.Name ?? payload.Name;
        if (name.Length == 0)
            throw new ArgumentException($"'{path}' has no name of its own; set {nameof(CreateTorrentOptions.Name)}.", nameof(options));
        int pieceLength = options.PieceLength ?? PieceLengths.Choose(payload.Length);
        CheckPieceCount(payload, pieceLength);
        byte[] hashes = await new PayloadHasher(payload, pieceLength, progress).RunAsync(cancellationToken).ConfigureAwait(false);
        byte[] info = InfoWriter.Write(new InfoDraft
        {
            Name = name,
            PieceLength = pieceLength,
            Files = [.. payload.Files.Select(static file => new DraftFile(file.Elements, file.Length))],
            PieceHashes = hashes,
            IsPrivate = options.IsPrivate,
            Source = options.Source,
        });
        Torrent torrent = Torrent.Parse(TorrentWriter.Write(info, details));
        CheckNames(torrent, payload, name);
        return torrent;
    }

    private static TorrentDetails ReadDetails(CreateTorrentOptions options)
    {
        foreach (string tracker in options.Trackers.SelectMany(static tier => tier))
        {
            if (tracker is null || !UrlRules.TryTracker(tracker, out _))
                throw new ArgumentException($"'{tracker}' in {nameof(options.Trackers)} is not an http, https or udp URL.", nameof(options));
        }
        foreach (string webSeed in options.WebSeeds)
        {
            if (webSeed is null || !UrlRules.TryWebSeed(webSeed, out _))
                throw new ArgumentException($"'{webSeed}' in {nameof(options.WebSeeds)} is not an http or https URL.", nameof(options));
        }
        return new TorrentDetails
        {
            Trackers = options.Trackers,
            WebSeeds = options.WebSeeds,
            Comment = options.Comment,
            CreatedBy = options.CreatedBy,
            CreationDate = options.CreationDate,
        };
    }

    private static void CheckPieceCount(Payload payload, int pieceLength)
    {
        long pieces = (payload.Length + pieceLength - 1) / pieceLength;
        if (pieces > Limits.PieceCount || pieces * InfoHash.Length > Limits.TorrentFileBytes)
            throw new ArgumentException($"Pieces of {pieceLength} bytes make {pieces} pieces, too many for a torrent file; set a larger {nameof(CreateTorrentOptions.PieceLength)}.", nameof(CreateTorrentOptions.PieceLength));
    }

    /// <summary>A name that is changed when the torrent is read would not be found when it is seeded from here.</summary>
    private static void CheckNames(Torrent torrent, Payload payload, string name)
    {
        for (int i = 0; i < payload.Files.Count; i++)
        {
            string[] elements = [.. payload.Files[i].Elements.Prepend(name)];
            string written = string.Join('/', elements), read = torrent.Files[i].Path;
            if (written != read)
                throw new TorrentStorageException(
                    TorrentErrorCode.PathRefused,
                    $"'{written}' is a name that some systems refuse or confuse with another one; rename it, for example to '{read}'.",
                    payload.Files[i].FullPath,
                    isTransient: false);
        }
    }
}
