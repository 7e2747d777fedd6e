using System.Security.Cryptography;
using CcBt.Core.Metainfo;

namespace CcBt.Core.Tests.Metainfo;

public sealed class Sha1LanesTests
{
    private const int Seed = 20;

    /// <summary>What the framework says is right, for every length in blocks and for lanes that lie apart by any distance.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(64, 64)]
    [InlineData(64, 96)]
    [InlineData(128, 131)]
    [InlineData(4096, 4096)]
    [InlineData(65_536, 65_600)]
    public void EachLaneHasTheDigestOfItsMessage(int length, int stride)
    {
        if (!Sha1Lanes.IsSupported)
            return;
        byte[] content = Content(Sha1Lanes.Count * stride + length);
        var lanes = new Sha1Lanes();
        lanes.Begin();
        lanes.Append(content, stride, length);
        AssertDigests(lanes, i => content.AsSpan(i * stride, length).ToArray());
    }

    [Fact]
    public void MessagesMayComeInRuns()
    {
        if (!Sha1Lanes.IsSupported)
            return;
        const int length = 64 * 12;
        byte[] content = Content(Sha1Lanes.Count * length);
        var lanes = new Sha1Lanes();
        for (int cut = 0; cut <= length; cut += 64)
        {
            lanes.Begin();
            lanes.Append(content, length, cut);
            lanes.Append(content.AsSpan(cut), length, length - cut);
            AssertDigests(lanes, i => content.AsSpan(i * length, length).ToArray());
        }
    }

    [Fact]
    public void OnlyWholeBlocksAreTaken()
    {
        if (!Sha1Lanes.IsSupported)
            return;
        var lanes = new Sha1Lanes();
        lanes.Begin();
        Assert.Throws<ArgumentException>(() => lanes.Append(new byte[8 * 65], 65, 65));
        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.Append(new byte[7 * 64 + 63], 64, 64));
    }

    [Fact]
    public void APieceOnALaneIsComparedWithItsOwnHash()
    {
        byte[] content = Content(8 * 64);
        byte[][] pieces = [.. Enumerable.Range(0, 8).Select(i => content.AsSpan(i * 64, 64).ToArray())];
        var verifier = new Sha1PieceVerifier(pieces.SelectMany(SHA1.HashData).ToArray());
        IPieceLanes? lanes = verifier.NewLanes();
        Assert.Equal(Sha1Lanes.IsSupported, lanes is not null);
        if (lanes is null)
            return;
        content[3 * 64] ^= 1;
        lanes.Begin();
        lanes.Append(content, 64, 64);
        var isGood = new bool[8];
        lanes.Finish([0, 1, 2, 3, 4, 6, 5], isGood);
        Assert.Equal([true, true, true, false, true, false, false, false], isGood);
    }

    private static void AssertDigests(Sha1Lanes lanes, Func<int, byte[]> message)
    {
        var digests = new byte[Sha1Lanes.Count * SHA1.HashSizeInBytes];
        lanes.Finish(digests);
        for (int lane = 0; lane < Sha1Lanes.Count; lane++)
            Assert.Equal(SHA1.HashData(message(lane)), digests.AsSpan(lane * SHA1.HashSizeInBytes, SHA1.HashSizeInBytes).ToArray());
    }

    private static byte[] Content(int length)
    {
        var bytes = new byte[length];
        new Random(Seed).NextBytes(bytes);
        return bytes;
    }

    [Fact]
    public void Lanes_are_used_where_the_processor_has_vectors_of_eight_words()
        => Assert.Equal(System.Runtime.Intrinsics.X86.Avx2.IsSupported, Sha1Lanes.IsSupported);
}
