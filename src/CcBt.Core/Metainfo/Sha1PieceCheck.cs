using System.Security.Cryptography;

namespace CcBt.Core.Metainfo;

/// <summary>A SHA-1 that grows with the runs of a piece.</summary>
internal sealed class Sha1PieceCheck(ReadOnlyMemory<byte> expected) : IPieceCheck
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);

    public void Append(ReadOnlySpan<byte> run) => _hash.AppendData(run);

    public bool Finish()
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        _hash.GetHashAndReset(hash);
        return hash.SequenceEqual(expected.Span);
    }

    public void Dispose() => _hash.Dispose();
}
