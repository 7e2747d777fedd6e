namespace CcBt.Core.Metainfo;

/// <summary>What an info dictionary says: everything that the info hash covers.</summary>
internal sealed class TorrentInfo
{
    /// <summary>The bytes of the dictionary as they were found; the info hashes are computed over them.</summary>
    public required ReadOnlyMemory<byte> Raw { get; init; }

    public required InfoHash? HashV1 { get; init; }

    public required InfoHashV2? HashV2 { get; init; }

    public required string Name { get; init; }

    public required bool IsPrivate { get; init; }

    public required IReadOnlyList<TorrentFile> Files { get; init; }

    public required FileLayout Layout { get; init; }

    /// <summary>The SHA-1 of each piece, 20 bytes each; empty when there is no version 1 part.</summary>
    public required ReadOnlyMemory<byte> PieceHashes { get; init; }

    /// <summary>The merkle root of each file, empty for a file without content; no elements when there is no version 2 part (BEP 52).</summary>
    public required ReadOnlyMemory<byte>[] PieceRoots { get; init; }
}
