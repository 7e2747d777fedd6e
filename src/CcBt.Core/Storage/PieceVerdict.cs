using System.Collections.Concurrent;
using CcBt.Core.Wire;

namespace CcBt.Core.Storage;

/// <summary>How a piece ended. Pooled: whoever takes it returns it.</summary>
internal sealed class PieceVerdict
{
    private const int MostKept = 64;
    private static readonly ConcurrentBag<PieceVerdict> Pool = [];

    private PieceVerdict()
    {
    }

    public int Piece { get; private set; }

    /// <summary>The piece is right, is in its files and may be served.</summary>
    public bool IsGood { get; private set; }

    /// <summary>Why it could not be stored; nobody is to blame for it then. Null when it is good, and when its hash is wrong.</summary>
    public TorrentStorageException? WriteError { get; private set; }

    /// <summary>Whether the contributions carry the SHA-1 of their blocks.</summary>
    public bool HasDigests { get; set; }

    /// <summary>Who gave which block, in order; padding is left out.</summary>
    public List<BlockContribution> Contributions { get; } = [];

    public static PieceVerdict Rent(int piece, bool isGood, TorrentStorageException? writeError)
    {
        if (!Pool.TryTake(out PieceVerdict? verdict))
            verdict = new PieceVerdict();
        verdict.Piece = piece;
        verdict.IsGood = isGood;
        verdict.WriteError = writeError;
        return verdict;
    }

    public void Return()
    {
        Contributions.Clear();
        WriteError = null;
        HasDigests = false;
        if (Pool.Count < MostKept)
            Pool.Add(this);
    }
}
