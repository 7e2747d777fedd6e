namespace CcBt.Core;

/// <summary>What <see cref="TorrentVerifier"/> found. The value is immutable and safe to use from any thread.</summary>
public sealed record VerifyReport
{
    internal VerifyReport(IReadOnlyList<FileVerification> files, int goodPieces, int pieceCount, long goodBytes)
    {
        Files = files;
        GoodPieces = goodPieces;
        PieceCount = pieceCount;
        GoodBytes = goodBytes;
    }

    /// <summary>Whether every file is there, has its right length, and has only pieces with the right hash.</summary>
    public bool IsComplete => GoodPieces == PieceCount && Files.All(static file => file.State == FileState.Good);

    /// <summary>The files of the torrent in its order.</summary>
    public IReadOnlyList<FileVerification> Files { get; }

    /// <summary>How many pieces have the right hash; zero to <see cref="PieceCount"/>.</summary>
    public int GoodPieces { get; }

    /// <summary>How many pieces the torrent has.</summary>
    public int PieceCount { get; }

    /// <summary>How many bytes the pieces with the right hash have; what is left of <see cref="Torrent.TotalSize"/> would have to be fetched.</summary>
    public long GoodBytes { get; }
}
