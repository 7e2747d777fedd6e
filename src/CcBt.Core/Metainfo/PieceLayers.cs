namespace CcBt.Core.Metainfo;

/// <summary>
/// For each file the hashes at the height of a piece in its merkle tree (BEP 52). A file of one piece has none: its root is
/// its only hash. Immutable, and safe to use from any thread.
/// </summary>
internal sealed class PieceLayers(ReadOnlyMemory<byte>[] layers)
{
    /// <summary>The hashes of a file's pieces, 32 bytes each; empty for a file of at most one piece.</summary>
    public ReadOnlyMemory<byte> Of(int file) => layers[file];
}
