using System.Security.Cryptography;

namespace CcBt.Core.Metainfo;

/// <summary>Compares pieces with their SHA-1, eight at a time.</summary>
internal sealed class Sha1PieceLanes(Sha1PieceVerifier verifier) : IPieceLanes
{
    private readonly Sha1Lanes _lanes = new();

    public int Count => Sha1Lanes.Count;

    public int Least => Sha1Lanes.Least;

    public int BlockBytes => Sha1Lanes.BlockBytes;

    public void Begin() => _lanes.Begin();

    public void Append(ReadOnlySpan<byte> content, int stride, int length) => _lanes.Append(content, stride, length);

    public void Finish(ReadOnlySpan<int> pieces, Span<bool> isGood)
    {
        Span<byte> digests = stackalloc byte[Sha1Lanes.Count * SHA1.HashSizeInBytes];
        _lanes.Finish(digests);
        for (int lane = 0; lane < pieces.Length; lane++)
            isGood[lane] = verifier.HasDigest(pieces[lane], digests.Slice(lane * SHA1.HashSizeInBytes, SHA1.HashSizeInBytes));
    }
}
