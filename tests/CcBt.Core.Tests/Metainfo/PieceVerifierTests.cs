using System.Security.Cryptography;
using CcBt.Core.Metainfo;

namespace CcBt.Core.Tests.Metainfo;

public sealed class PieceVerifierTests
{
    private static readonly byte[] Content = RandomBytes(100_000);

    [Fact]
    public void Sha1ComparesThePieceOfThatIndex()
    {
        byte[] hashes = [.. SHA1.HashData("a"u8), .. SHA1.HashData("b"u8)];
        var verifier = new Sha1PieceVerifier(hashes);
        Assert.True(verifier.Verify(0, "a"u8));
        Assert.True(verifier.Verify(1, "b"u8));
        Assert.False(verifier.Verify(1, "a"u8));
        Assert.False(verifier.Verify(0, []));
        Assert.True(verifier.HasDigest(1, SHA1.HashData("b"u8)));
        Assert.False(verifier.HasDigest(0, SHA1.HashData("b"u8)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(100_000)]
    public void Sha1KnowsZeros(int length)
        => Assert.Equal(SHA1.HashData(new byte[length]), new Sha1PieceVerifier(default).DigestOfZeros(length));

    [Theory]
    [InlineData(100_000, 65_536)]
    [InlineData(100_000, 16_384)]
    [InlineData(65_537, 65_536)]
    [InlineData(65_536, 65_536)]
    [InlineData(10, 65_536)]
    [InlineData(16_385, 65_536)]
    [InlineData(49_153, 131_072)]
    public void MerkleChecksEveryPieceAndZeros(int length, int pieceLength)
    {
        foreach (byte[] content in new[] { Content[..length], new byte[length] })
        {
            (IPieceVerifier verifier, FileLayout layout) = Build(content, pieceLength);
            for (int piece = 0; piece < layout.PieceCount; piece++)
            {
                byte[] bytes = content.AsSpan((int)layout.PieceOffset(piece), layout.PieceSize(piece)).ToArray();
                Assert.True(verifier.Verify(piece, bytes));
                Assert.Equal(bytes.All(b => b == 0), verifier.HasDigest(piece, verifier.DigestOfZeros(bytes.Length)));
                bytes[0] ^= 1;
                Assert.False(verifier.Verify(piece, bytes));
            }
        }
    }

    [Fact]
    public void APieceThatComesInPartsGivesTheSameVerdictAtEverySplit()
    {
        const int length = 40_000, block = 16_384;
        byte[] content = Content[..length];
        IPieceVerifier[] verifiers = [new Sha1PieceVerifier(SHA1.HashData(content)), Build(content, 65_536).Verifier];
        int[] places = [0, 1, 2, 63, 64, 65, block - 1, block, block + 1, 2 * block - 1, 2 * block, 2 * block + 1, length - 1, length];
        foreach (IPieceVerifier verifier in verifiers)
        {
            foreach (int first in places)
            {
                foreach (int second in places.Where(p => p >= first))
                    Assert.True(VerifyInParts(verifier, content, first, second), $"{verifier.GetType().Name}, cut at {first} and {second}");
            }
            content[2 * block] ^= 1;
            Assert.False(VerifyInParts(verifier, content, block, 2 * block));
            content[2 * block] ^= 1;
        }
    }

    [Fact]
    public void AFinishedCheckServesTheNextPiece()
    {
        byte[][] pieces = [Content[..100], Content[100..250]];
        var verifier = new Sha1PieceVerifier(pieces.SelectMany(p => SHA1.HashData(p)).ToArray());
        IPieceCheck check = verifier.Begin(0, null);
        foreach ((int piece, int content) in new[] { (0, 0), (1, 1), (0, 1), (1, 1), (1, 0), (0, 0) })
        {
            IPieceCheck again = verifier.Begin(piece, check);
            Assert.Same(check, again);
            again.Append(pieces[content].AsSpan(0, 64));
            again.Append(pieces[content].AsSpan(64));
            Assert.Equal(piece == content, again.Finish());
        }
        check.Dispose();
    }

    [Fact]
    public void AMerkleCheckIsBegunAnew()
    {
        (IPieceVerifier verifier, _) = Build(Content[..40_000], 32_768);
        IPieceCheck? check = null;
        for (int piece = 0; piece < 2; piece++)
        {
            check = verifier.Begin(piece, check);
            check.Append(Content.AsSpan(piece * 32_768, piece == 0 ? 32_768 : 40_000 - 32_768));
            Assert.True(check.Finish());
        }
        check!.Dispose();
    }

    [Fact]
    public void MoreThanThePieceIsRefused()
    {
        (IPieceVerifier verifier, _) = Build(Content[..16_384], 16_384);
        using IPieceCheck check = verifier.Begin(0);
        Assert.Throws<InvalidOperationException>(() => check.Append(new byte[16_384 * 2]));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(16_384, 0)]
    [InlineData(16_385, 1)]
    [InlineData(32_769, 2)]
    [InlineData(65_536, 2)]
    [InlineData(512 * 1024 * 1024, 15)]
    public void HeightCountsLevelsOverBlocks(int length, int height) => Assert.Equal(height, MerkleTree.Height(length));

    private static bool VerifyInParts(IPieceVerifier verifier, byte[] content, int first, int second)
    {
        using IPieceCheck check = verifier.Begin(0);
        check.Append(content.AsSpan(0, first));
        check.Append(content.AsSpan(first, second - first));
        check.Append(content.AsSpan(second));
        return check.Finish();
    }

    /// <summary>The tree by its definition: all leaves up to a power of two, then level by level.</summary>
    private static byte[][] Level(byte[] content, int leaves, int height)
    {
        byte[][] level = [.. Enumerable.Range(0, leaves).Select(i => i * 16_384 < content.Length
            ? SHA256.HashData(content.AsSpan(i * 16_384, Math.Min(16_384, content.Length - i * 16_384)))
            : new byte[32])];
        for (int h = 0; h < height; h++)
            level = [.. level.Chunk(2).Select(pair => SHA256.HashData((byte[])[.. pair[0], .. pair[1]]))];
        return level;
    }

    private static (IPieceVerifier Verifier, FileLayout Layout) Build(byte[] content, int pieceLength)
    {
        var layout = new FileLayout(pieceLength, 1, [new FileExtent(0, content.Length, 0)], isAligned: true);
        int leaves = 1;
        while (leaves * 16_384 < content.Length)
            leaves *= 2;
        byte[] root = Level(content, leaves, int.Log2(leaves))[0];
        byte[] layer = content.Length <= pieceLength
            ? []
            : [.. Level(content, leaves, MerkleTree.Height(pieceLength)).Take(layout.PieceCount).SelectMany(h => h)];
        if (layer.Length > 0)
            Assert.Equal(root, MerkleTree.Root(layer, MerkleTree.Height(pieceLength)));
        return (new MerklePieceVerifier(layout, new PieceLayers([layer]), [root]), layout);
    }

    private static byte[] RandomBytes(int length)
    {
        var bytes = new byte[length];
        new Random(5).NextBytes(bytes);
        return bytes;
    }
}
