using System.Diagnostics.CodeAnalysis;
using CcBt.Core.Metainfo;
using CcBt.Core.Storage;

namespace CcBt.Core;

/// <summary>
/// What a .torrent file says: files, hashes, trackers. Reads version 1 (BEP 3), version 2 (BEP 52) and hybrid torrents.
/// The value is immutable and safe to use from any thread.
/// </summary>
public sealed class Torrent
{
    private readonly TorrentInfo _info;
    private readonly TorrentDetails _details;
    private readonly ReadOnlyMemory<byte> _source;

    private Torrent(TorrentContent content)
    {
        _info = content.Info;
        _details = content.Details;
        _source = content.Source;
        PieceLayers = content.PieceLayers;
    }

    /// <summary>The name of the file, or of the directory that holds the files, as it is written to disk.</summary>
    public string Name => _info.Name;

    /// <summary>The SHA-1 of the info dictionary; null when the torrent is of version 2 only.</summary>
    public InfoHash? InfoHashV1 => _info.HashV1;

    /// <summary>The SHA-256 of the info dictionary; null when the torrent is of version 1 only.</summary>
    public InfoHashV2? InfoHashV2 => _info.HashV2;

    /// <summary>The name of the swarm: the version 1 info hash if there is one, else the version 2 one cut to 20 bytes.</summary>
    public InfoHash SwarmHash => _info.HashV1 ?? _info.HashV2!.Value.Truncated;

    /// <summary>The length of every piece but the last in bytes (in version 2: but the last one of each file); 1 KiB to 512 MiB.</summary>
    public int PieceLength => _info.Layout.PieceLength;

    /// <summary>How many pieces there are; 1 to 2,097,152.</summary>
    public int PieceCount => _info.Layout.PieceCount;

    /// <summary>The length of all <see cref="Files"/> together in bytes.</summary>
    public long TotalSize => _info.Layout.PayloadLength;

    /// <summary>The files in the order of the torrent, without padding files and symbolic links; at least one.</summary>
    public IReadOnlyList<TorrentFile> Files => _info.Files;

    /// <summary>
    /// The tiers of trackers in the order to try them (BEP 12), each with at least one URL. Only http, https and udp URLs are kept.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> Trackers => _details.Trackers;

    /// <summary>The http and https servers that hold the files (BEP 19).</summary>
    public IReadOnlyList<string> WebSeeds => _details.WebSeeds;

    /// <summary>The DHT nodes that the torrent names (BEP 5); host names are not looked up.</summary>
    public IReadOnlyList<HostAndPort> Nodes => _details.Nodes;

    /// <summary>Whether peers may come from the trackers only (BEP 27): no DHT, no peer exchange, no local discovery.</summary>
    public bool IsPrivate => _info.IsPrivate;

    /// <summary>The remark of whoever made the torrent; null when there is none. Untrusted text.</summary>
    public string? Comment => _details.Comment;

    /// <summary>The program that made the torrent; null when it does not say. Untrusted text.</summary>
    public string? CreatedBy => _details.CreatedBy;

    /// <summary>When the torrent was made, in whole seconds; null when it does not say.</summary>
    public DateTimeOffset? CreationDate => _details.CreationDate;

    /// <summary>The info dictionary exactly as it was found: what peers ask for (BEP 9).</summary>
    internal ReadOnlyMemory<byte> RawInfo => _info.Raw;

    internal FileLayout Layout => _info.Layout;

    /// <summary>The version 2 hashes of pieces; null for version 1, and for version 2 metadata from peers, which lacks those of files longer than a piece.</summary>
    internal PieceLayers? PieceLayers { get; }

    /// <summary>The version 2 merkle root of each file; no elements for version 1.</summary>
    internal IReadOnlyList<ReadOnlyMemory<byte>> PieceRoots => _info.PieceRoots;

    /// <summary>Reads the bytes of a .torrent file. The bytes are copied.</summary>
    /// <param name="data">The whole file.</param>
    /// <param name="maxBytes">How long it may be, from 1 to 16,777,216 bytes. The default is 10,000,000.</param>
    /// <returns>The torrent.</returns>
    /// <exception cref="TorrentFormatException">The bytes are not a valid torrent; the exception names the field and the byte.</exception>
    /// <exception cref="ArgumentException"><paramref name="maxBytes"/> is out of its range.</exception>
    public static Torrent Parse(ReadOnlyMemory<byte> data, int maxBytes = Limits.TorrentFileBytes)
    {
        OptionChecks.InRange(maxBytes, 1, Limits.MostTorrentFileBytes, nameof(maxBytes));
        return new Torrent(TorrentReader.Read(data, maxBytes));
    }

    /// <summary>Reads a .torrent file. Its length is looked at before it is read.</summary>
    /// <param name="path">The path of the file; 10,000,000 bytes at most.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The torrent.</returns>
    /// <exception cref="TorrentFormatException">The file is not a valid torrent; the exception names the field and the byte.</exception>
    /// <exception cref="TorrentStorageException">The file cannot be read.</exception>
    public static Task<Torrent> LoadAsync(string path, CancellationToken cancellationToken = default)
        => LoadAsync(path, Limits.TorrentFileBytes, cancellationToken);

    /// <summary>Reads a .torrent file that may be longer, or must be shorter, than the default of 10,000,000 bytes.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="maxBytes">How long the file may be, from 1 to 16,777,216 bytes.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The torrent.</returns>
    /// <exception cref="TorrentFormatException">The file is not a valid torrent; the exception names the field and the byte.</exception>
    /// <exception cref="TorrentStorageException">The file cannot be read.</exception>
    /// <exception cref="ArgumentException"><paramref name="maxBytes"/> is out of its range.</exception>
    public static async Task<Torrent> LoadAsync(string path, int maxBytes, CancellationToken cancellationToken = default)
    {
        OptionChecks.InRange(maxBytes, 1, Limits.MostTorrentFileBytes, nameof(maxBytes));
        return Parse(await TorrentFileStore.ReadAsync(path, maxBytes, cancellationToken).ConfigureAwait(false), maxBytes);
    }

    /// <summary>Reads an info dictionary that came from peers (BEP 9). The caller compares the info hash.</summary>
    internal static bool TryFromInfo(
        ReadOnlyMemory<byte> info,
        IReadOnlyList<IReadOnlyList<string>> trackers,
        IReadOnlyList<string> webSeeds,
        [NotNullWhen(true)] out Torrent? torrent,
        [NotNullWhen(false)] out TorrentFormatException? error)
    {
        try
        {
            torrent = new Torrent(TorrentReader.ReadInfo(info, new TorrentDetails { Trackers = trackers, WebSeeds = webSeeds }));
            error = null;
            return true;
        }
        catch (TorrentFormatException exception)
        {
            torrent = null;
            error = exception;
            return false;
        }
    }

    /// <summary>Returns the bytes of the .torrent file: the ones that were read, or newly written ones around the same info dictionary.</summary>
    /// <returns>A new array. When the metadata of a version 2 torrent came from peers, the piece layers that BEP 52 wants beside it are missing.</returns>
    public byte[] ToBytes() => _source.IsEmpty ? TorrentWriter.Write(_info.Raw.Span, _details) : _source.ToArray();

    /// <summary>Returns a magnet link with the info hashes, the name, the trackers and the web seeds.</summary>
    /// <returns>The link.</returns>
    public MagnetLink ToMagnetLink() => new(InfoHashV1, InfoHashV2)
    {
        Name = Name,
        Trackers = [.. Trackers.SelectMany(static tier => tier)],
        WebSeeds = WebSeeds,
    };

    /// <summary>Writes the .torrent file: first under a temporary name beside it, which then replaces the file.</summary>
    /// <param name="path">Where to write it. An existing file is replaced.</param>
    /// <param name="cancellationToken">Ends the writing; the file is then as it was before.</param>
    /// <returns>A task that ends when the file is written.</returns>
    /// <exception cref="TorrentStorageException">The file cannot be written.</exception>
    public Task SaveAsync(string path, CancellationToken cancellationToken = default)
        => TorrentFileStore.WriteAsync(path, ToBytes(), cancellationToken);

    /// <summary>The SHA-1 of a piece; the torrent must have a version 1 part.</summary>
    internal ReadOnlySpan<byte> PieceHash(int piece) => _info.PieceHashes.Span.Slice(piece * InfoHash.Length, InfoHash.Length);

    /// <summary>What pieces are checked with: their SHA-1 where there is one, else their merkle trees, for which the piece layers must be known.</summary>
    internal IPieceVerifier CreateVerifier()
    {
        if (_info.HashV1 is not null)
            return new Sha1PieceVerifier(_info.PieceHashes);
        return PieceLayers is null
            ? throw new InvalidOperationException("Version 2 metadata from peers has no hashes of pieces.")
            : new MerklePieceVerifier(_info.Layout, PieceLayers, _info.PieceRoots);
    }
}
