namespace CcBt.Core.Metainfo;

/// <summary>What an info dictionary of version 1 is written from.</summary>
internal sealed record InfoDraft
{
    public required string Name { get; init; }

    public required int PieceLength { get; init; }

    /// <summary>In their final order. A torrent of one file has one entry without path elements.</summary>
    public required IReadOnlyList<DraftFile> Files { get; init; }

    /// <summary>The SHA-1 of each piece, 20 bytes each.</summary>
    public required ReadOnlyMemory<byte> PieceHashes { get; init; }

    public bool IsPrivate { get; init; }

    public string? Source { get; init; }
}
