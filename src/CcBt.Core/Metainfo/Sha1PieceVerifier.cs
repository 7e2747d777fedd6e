using System.Security.Cryptography;

namespace CcBt.Core.Metainfo;

/// <summary>Compares a piece with its SHA-1 in the info dictionary (BEP 3).</summary>
internal sealed class Sha1PieceVerifier(ReadOnlyMemory<byte> hashes) : IPieceVerifier
{
    public bool Verify(int piece, ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(content, hash);
        return hash.SequenceEqual(Expected(piece).Span);
    }

    public IPieceCheck Begin(int piece) => new Sha1PieceCheck(Expected(piece));

    public IPieceCheck Begin(int piece, IPieceCheck? finished)
    {
        if (finished is not Sha1PieceCheck check)
            return Begin(piece);
        check.BeginAgain(Expected(piece));
        return check;
    }

    public IPieceLanes? NewLanes() => Sha1Lanes.IsSupported ? new Sha1PieceLanes(this) : null;

    public byte[] DigestOfZeros(int length)
    {
        Span<byte> zeros = stackalloc byte[4096];
        zeros.Clear();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        for (int left = length; left > 0; left -= zeros.Length)
            hash.AppendData(zeros[..Math.Min(left, zeros.Length)]);
        return hash.GetHashAndReset();
    }

    public bool HasDigest(int piece, ReadOnlySpan<byte> digest) => digest.SequenceEqual(Expected(piece).Span);

    private ReadOnlyMemory<byte> Expected(int piece) => hashes.Slice(piece * SHA1.HashSizeInBytes, SHA1.HashSizeInBytes);
}
