namespace CcBt.Core.Metainfo;

/// <summary>What a .torrent file says outside its info dictionary.</summary>
internal sealed record TorrentDetails
{
    public static TorrentDetails None { get; } = new();

    public IReadOnlyList<IReadOnlyList<string>> Trackers { get; init; } = [];

    /// <summary>BEP 19.</summary>
    public IReadOnlyList<string> WebSeeds { get; init; } = [];

    public IReadOnlyList<HostAndPort> Nodes { get; init; } = [];

    public string? Comment { get; init; }

    public string? CreatedBy { get; init; }

    public DateTimeOffset? CreationDate { get; init; }
}
