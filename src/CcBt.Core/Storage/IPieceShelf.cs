namespace CcBt.Core.Storage;

/// <summary>Where assemblies put finished bytes. Thread-safe.</summary>
internal interface IPieceShelf
{
    /// <exception cref="TorrentStorageException">The bytes could not be written.</exception>
    void Write(int piece, int begin, int length, PieceSegments segments);

    /// <summary>Reads bytes back that were written but not verified yet.</summary>
    /// <exception cref="TorrentStorageException">The bytes could not be read.</exception>
    void ReadBack(int piece, int begin, Span<byte> destination);

    /// <summary>The piece is right and written.</summary>
    void SetVerified(int piece);

    void Report(PieceVerdict verdict);
}
