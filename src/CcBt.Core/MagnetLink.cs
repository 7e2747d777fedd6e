using System.Diagnostics.CodeAnalysis;
using System.Net;
using CcBt.Core.Metainfo;

namespace CcBt.Core;

/// <summary>
/// A magnet link (BEP 9, BEP 53): the info hash of a torrent and hints where to find its peers. The value is immutable and
/// safe to use from any thread.
/// </summary>
public sealed class MagnetLink
{
    /// <summary>Creates a link to a torrent of version 1, or to any swarm by its 20-byte name.</summary>
    /// <param name="infoHash">The version 1 info hash.</param>
    public MagnetLink(InfoHash infoHash)
        : this(infoHash, null)
    {
    }

    /// <summary>Creates a link to a torrent of version 2.</summary>
    /// <param name="infoHash">The version 2 info hash.</param>
    public MagnetLink(InfoHashV2 infoHash)
        : this(null, infoHash)
    {
    }

    /// <summary>Creates a link; a hybrid torrent has both hashes.</summary>
    /// <param name="infoHashV1">The version 1 info hash, or null.</param>
    /// <param name="infoHashV2">The version 2 info hash, or null.</param>
    /// <exception cref="ArgumentException">Both hashes are null.</exception>
    public MagnetLink(InfoHash? infoHashV1, InfoHashV2? infoHashV2)
    {
        if (infoHashV1 is null && infoHashV2 is null)
            throw new ArgumentException("A magnet link needs an info hash.", nameof(infoHashV1));
        InfoHashV1 = infoHashV1;
        InfoHashV2 = infoHashV2;
    }

    private MagnetLink(MagnetFields fields)
        : this(fields.InfoHashV1, fields.InfoHashV2)
    {
        Name = fields.Name;
        Trackers = fields.Trackers;
        WebSeeds = fields.WebSeeds;
        Peers = fields.Peers;
        SelectedFiles = fields.SelectedFiles;
    }

    /// <summary>The version 1 info hash (<c>urn:btih</c>); null when the link has none.</summary>
    public InfoHash? InfoHashV1 { get; }

    /// <summary>The version 2 info hash (<c>urn:btmh</c>); null when the link has none.</summary>
    public InfoHashV2? InfoHashV2 { get; }

    /// <summary>The name of the swarm: the version 1 info hash if there is one, else the version 2 one cut to 20 bytes.</summary>
    public InfoHash SwarmHash => InfoHashV1 ?? InfoHashV2!.Value.Truncated;

    /// <summary>A name to show until the metadata is there (<c>dn</c>); null when the link has none. Untrusted text.</summary>
    public string? Name { get; init; }

    /// <summary>The trackers (<c>tr</c>) without duplicates. Only http, https and udp URLs are kept.</summary>
    public IReadOnlyList<string> Trackers { get; init => field = Copy(value); } = [];

    /// <summary>The web seeds (<c>ws</c>) without duplicates. Only http and https URLs are kept.</summary>
    public IReadOnlyList<string> WebSeeds { get; init => field = Copy(value); } = [];

    /// <summary>The peers (<c>x.pe</c>) without duplicates.</summary>
    public IReadOnlyList<HostAndPort> Peers { get; init => field = Copy(value); } = [];

    /// <summary>Those of <see cref="Peers"/> that are addresses; host names are not looked up.</summary>
    public IReadOnlyList<IPEndPoint> PeerEndPoints => 
    [
        .. from peer in Peers
           let address = IPAddress.TryParse(peer.Host, out IPAddress? parsed) ? parsed : null
           where address is not null
           select new IPEndPoint(address, peer.Port),
    ];

    /// <summary>
    /// The indexes of the files to download (<c>so</c>) as ranges from the start that do not overlap, in ascending order; empty: all files.
    /// They count every entry of the torrent, padding files included.
    /// </summary>
    /// <exception cref="ArgumentException">A range counts from the end or is empty.</exception>
    public IReadOnlyList<Range> SelectedFiles
    {
        get;
        init
        {
            field = Copy(value);
            if (field.Any(static range => range.Start.IsFromEnd || range.End.IsFromEnd || range.End.Value <= range.Start.Value))
                throw new ArgumentException($"{nameof(SelectedFiles)} must count from the start and must not be empty.", nameof(SelectedFiles));
        }
    } = [];

    /// <summary>
    /// Reads a magnet link. Unknown parameters are ignored, and so are trackers, web seeds and peers that cannot be used.
    /// </summary>
    /// <param name="text">The link; 65,536 characters at most.</param>
    /// <returns>The link.</returns>
    /// <exception cref="TorrentFormatException">The text is not a magnet link with an info hash; the exception names the parameter.</exception>
    public static MagnetLink Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return MagnetReader.Read(text, out MagnetFields? fields) is { } error ? throw error : new MagnetLink(fields!);
    }

    /// <summary>Reads a magnet link.</summary>
    /// <param name="text">The link; 65,536 characters at most.</param>
    /// <param name="link">The link, when the text is valid.</param>
    /// <returns>Whether the text is a magnet link with an info hash.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out MagnetLink? link)
    {
        link = null;
        if (text is null || MagnetReader.Read(text, out MagnetFields? fields) is not null)
            return false;
        link = new MagnetLink(fields!);
        return true;
    }

    /// <summary>Returns the link as a magnet URI, with its parameters in a fixed order.</summary>
    public override string ToString() => MagnetWriter.Write(new MagnetFields
    {
        InfoHashV1 = InfoHashV1,
        InfoHashV2 = InfoHashV2,
        Name = Name,
        Trackers = Trackers,
        WebSeeds = WebSeeds,
        Peers = Peers,
        SelectedFiles = SelectedFiles,
    });

    private static IReadOnlyList<T> Copy<T>(IReadOnlyList<T> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return [.. value];
    }
}
