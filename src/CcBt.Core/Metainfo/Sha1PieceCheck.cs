using System.Security.Cryptography;

namespace CcBt.Core.Metainfo;

/// <summary>A SHA-1 that grows with the runs of a piece.</summary>
internal sealed class Sha1PieceCheck(ReadOnlyMemory<byte> expected) : IPieceCheck
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
    private ReadOnlyMemory<byte> _expected = expected;

    public void Append(ReadOnlySpan<byte> run) => _hash.AppendData(run);

    public bool Finish()
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        _hash.GetHashAndReset(hash);
        return hash.SequenceEqual(_expected.Span);
    }

    /// <summary>Only after <see cref="Finish"/>, which leaves the hash as it was at the beginning.</summary>
    public void BeginAgain(ReadOnlyMemory<byte> expected) => _expected = expected;

    public void Dispose() => _hash.Dispose();
}
