namespace CcBt.Core.Metainfo;

/// <summary>The parameters of a magnet link; at least one of the hashes is there.</summary>
internal sealed record MagnetFields
{
    public InfoHash? InfoHashV1 { get; init; }

    public InfoHashV2? InfoHashV2 { get; init; }

    public string? Name { get; init; }

    public IReadOnlyList<string> Trackers { get; init; } = [];

    public IReadOnlyList<string> WebSeeds { get; init; } = [];

    public IReadOnlyList<HostAndPort> Peers { get; init; } = [];

    public IReadOnlyList<Range> SelectedFiles { get; init; } = [];
}
