namespace CcBt.Core;

/// <summary>How a torrent is created. Immutable; checked when it is given to <see cref="TorrentCreator"/>.</summary>
public sealed record CreateTorrentOptions
{
    /// <summary>
    /// The length of a piece in bytes: a power of two from 16,384 to 67,108,864. Null (the default) chooses one that makes about 1,000 to 2,000 pieces,
    /// from 16 KiB to 16 MiB.
    /// </summary>
    public int? PieceLength { get; init; }

    /// <summary>The tiers of trackers (BEP 12): http, https and udp URLs. The default is none.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Trackers { get; init; } = [];

    /// <summary>The http and https servers that hold the files (BEP 19). The default is none.</summary>
    public IReadOnlyList<string> WebSeeds { get; init; } = [];

    /// <summary>Whether peers may come from the trackers only (BEP 27). The default is false. Part of the info hash.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>A remark. Null (the default): none.</summary>
    public string? Comment { get; init; }

    /// <summary>The program that makes the torrent. Null (the default): none.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>When the torrent is made. Null (the default): it does not say, so that the same files give the same bytes.</summary>
    public DateTimeOffset? CreationDate { get; init; }

    /// <summary>The name of the file or of the directory that holds the files. Null (the default) takes it from the path. Part of the info hash.</summary>
    public string? Name { get; init; }

    /// <summary>The site that the torrent is for, which makes its info hash differ from that of other sites. Null (the default): none.</summary>
    public string? Source { get; init; }

    internal void Validate()
    {
        if (PieceLength is { } length && (length < Limits.MinPieceLengthV2 || length > Limits.MaxCreatedPieceLength || !int.IsPow2(length)))
            throw new ArgumentException($"{nameof(PieceLength)} must be a power of two from {Limits.MinPieceLengthV2} to {Limits.MaxCreatedPieceLength}; {length} was given.", nameof(PieceLength));
        OptionChecks.NotNull(Trackers, nameof(Trackers));
        OptionChecks.NotNull(WebSeeds, nameof(WebSeeds));
        if (Trackers.Any(static tier => tier is null || tier.Count == 0))
            throw new ArgumentException($"{nameof(Trackers)} must not have an empty tier.", nameof(Trackers));
        if (Name is not null && string.IsNullOrWhiteSpace(Name))
            throw new ArgumentException($"{nameof(Name)} must be null or name something.", nameof(Name));
        if (CreationDate is { } date && date < DateTimeOffset.UnixEpoch)
            throw new ArgumentException($"{nameof(CreationDate)} must not lie before 1970.", nameof(CreationDate));
    }
}
