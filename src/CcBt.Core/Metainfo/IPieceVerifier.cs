namespace CcBt.Core.Metainfo;

/// <summary>
/// Tells whether the content of a piece is right. What it is compared with (the SHA-1 of a piece, a merkle root over its
/// blocks) is the implementation's. Implementations are immutable and safe to use from any thread.
/// </summary>
internal interface IPieceVerifier
{
    /// <summary>Checks a piece whose content lies in one run.</summary>
    bool Verify(int piece, ReadOnlySpan<byte> content);

    /// <summary>Begins the check of a piece whose content comes in several runs. The check belongs to one thread at a time.</summary>
    IPieceCheck Begin(int piece);

    /// <summary>The same with a check of this verifier that has been finished and nobody needs any more, which is used again where that saves something.</summary>
    IPieceCheck Begin(int piece, IPieceCheck? finished);

    /// <summary>Something that checks several pieces at the same time; null where that would save nothing.</summary>
    IPieceLanes? NewLanes();

    /// <summary>The digest that a piece of so many zeros has: lets a check of sparse files tell at once whether a hole is right.</summary>
    byte[] DigestOfZeros(int length);

    /// <summary>Whether this is the digest that the piece must have.</summary>
    bool HasDigest(int piece, ReadOnlySpan<byte> digest);
}
