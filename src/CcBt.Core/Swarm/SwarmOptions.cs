using CcBt.Core.Wire;

namespace CcBt.Core.Swarm;

/// <summary>How a torrent's swarm behaves.</summary>
internal sealed record SwarmOptions
{
    /// <summary>Bytes of begun pieces that may be open at once: the torrent's part of the client's write budget.</summary>
    public long MaxOpenBytes { get; init; } = 64L << 20;

    /// <summary>Pieces that may be begun at once, whatever their size.</summary>
    public int MaxOpenPieces { get; init; } = 4096;

    /// <summary>What one open piece costs of the budget at the most; larger pieces are held in parts only.</summary>
    public int MostHeldOfPiece { get; init; } = 4 << 20;

    /// <summary>Pieces begun at random before the rarest come first, so that there is something to trade soon.</summary>
    public int RandomFirstPieces { get; init; } = 4;

    /// <summary>Without a block for this long a peer is snubbed: its blocks are asked from others.</summary>
    public TimeSpan SnubAfter { get; init; } = TimeSpan.FromSeconds(Limits.SnubSeconds);

    /// <summary>After this a request is taken back even if other blocks flow.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(Limits.RequestSeconds);

    /// <summary>A link over which no block moves for this long makes room when others wait.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(Limits.IdleLinkSeconds);

    public TimeSpan ChokeInterval { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan OptimisticInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Pieces that failed to be written rest this long before they are fetched again.</summary>
    public TimeSpan WriteRetryAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Several ports of one global address may be known and linked at once.</summary>
    public bool SeveralPerAddress { get; init; }

    /// <summary>Ports below 1024 are dialed; services that are not peers sit there.</summary>
    public bool DialsPrivilegedPorts { get; init; } = true;

    /// <summary>Bytes that a peer gets in one turn while seeding before another may have its slot.</summary>
    public long SeedingTurnBytes { get; init; } = 20L * 64 * BlockAddress.Size;
}
